import { DAY_MS } from '../../base/milliseconds.ts'
import { prefixEnd } from '../../base/key.ts'
import { KEYS_PER_COMMIT_ADVISED } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import {
  allOperationIndexesRange,
  operationIndexKey,
  operationIndexRange,
  operationRecordKey,
  parseOperationIndexKey,
  resourceOperationKey,
} from '../keyspace.ts'
import { getPastDamage } from '../damage/past-damage.ts'
import { operationCodec } from '../records/operation.ts'
import { Round } from '../round.ts'

/** How long, and how many for each account and region, operation records are kept. */
export const OPERATION_RETENTION = {
  ageMsMax: 90 * DAY_MS,
  recordsMax: 10_000,
} as const

/** Each is removed with its place in two indexes. */
const RECORDS_PER_COMMIT = KEYS_PER_COMMIT_ADVISED / 3

/**
 * Removes operation records past their retention; returns how many. Meant to be run now and then in the background; stopping in the middle is
 * harmless, and so is running on several servers at once. Rejects at the end when it failed for some accounts; the others have had their turn.
 */
export async function pruneOperationRecords(
  context: ServiceContext,
  retention: { readonly ageMsMax: number; readonly recordsMax: number } = OPERATION_RETENTION,
  signal?: AbortSignal,
): Promise<number> {
  const everything = allOperationIndexesRange()
  const round = new Round(signal)
  let removed = 0
  let start = everything.start
  for (;;) {
    signal?.throwIfAborted()
    const [first] = await context.metadata.scan({ start, end: everything.end, limit: 1, keysOnly: true })
    if (!first) break
    const { accountId, region } = parseOperationIndexKey(first.key)
    const list = operationIndexRange(accountId, region)
    await round.attempt(`account ${accountId} in ${region}`, async () => {
      const end = await keepFrom(context, list, accountId, region, retention)
      removed += await pruneList(context, list, end, signal)
    })
    start = prefixEnd(list.start) ?? everything.end
  }
  round.finish()
  return removed
}

/** The index key of the oldest record that stays. */
async function keepFrom(
  context: ServiceContext,
  list: { start: Buffer; end: Buffer },
  accountId: string,
  region: string,
  retention: { readonly ageMsMax: number; readonly recordsMax: number },
): Promise<Buffer> {
  const oldest = Math.max(0, context.clock.now() - retention.ageMsMax)
  const byAge = operationIndexKey(accountId, region, oldest, '')
  const newest = await context.metadata.scan({
    ...list,
    limit: retention.recordsMax,
    reverse: true,
    keysOnly: true,
  })
  const byCount = newest.length < retention.recordsMax ? list.start : (newest.at(-1)?.key ?? list.start)
  return Buffer.compare(byAge, byCount) > 0 ? byAge : byCount
}

async function pruneList(
  context: ServiceContext,
  list: { start: Buffer },
  end: Buffer,
  signal?: AbortSignal,
): Promise<number> {
  let removed = 0
  for (;;) {
    signal?.throwIfAborted()
    const batch = await context.metadata.scan({
      start: list.start,
      end,
      limit: RECORDS_PER_COMMIT,
      keysOnly: true,
    })
    if (batch.length === 0) return removed
    const recordKeys = batch.map(({ key }) => operationRecordKey(parseOperationIndexKey(key).operationId))
    const entries = await getPastDamage(context.metadata, recordKeys)
    const resourceKeys = entries.flatMap((entry) => {
      // Of a damaged one nothing tells its place by resource; who reads there passes over places without a record.
      if (!entry || entry === 'damaged') return []
      const { accountId, region, resourceName, createdAt, id } = operationCodec.decode(entry.value)
      return [resourceOperationKey(accountId, region, resourceName, createdAt, id)]
    })
    await context.metadata.commit({
      deletes: [...batch.map(({ key }) => key), ...recordKeys, ...resourceKeys],
    })
    removed += batch.length
  }
}
