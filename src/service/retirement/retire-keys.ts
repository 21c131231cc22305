import { keyAfter } from '../../base/key.ts'
import type { Change, Entry } from '../../storage/metadata-store.ts'
import type { Attempt } from '../commit/attempt.ts'
import { commitInTurn } from '../commit/commit-in-turn.ts'
import { applicationKeysTurn, bucketTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import {
  accessKeySlotKey,
  credentialKey,
  keyNameKey,
  lastUsedKey,
  retirementKey,
  retirementsRange,
  retiringKeyIdOf,
} from '../keyspace.ts'
import {
  credentialCodec,
  keyNameCodec,
  lastUsedCodec,
  type CredentialRecord,
  type Retirement,
} from '../records/credential.ts'
import { Round } from '../round.ts'
import { deletionOf, isDue } from './retirement.ts'

/** What became of a key that was rotated. */
export interface RetiredKey {
  readonly accountId: string
  readonly accessKeyId: string
  /** Of an application key. */
  readonly name?: string
  /** Of a bucket's key. */
  readonly bucketName?: string
  readonly became: 'Inactive' | 'deleted'
}

/** A key whose successor exists and which still counts. */
export interface RetiringKey extends Omit<RetiredKey, 'became'> {
  /** Epoch milliseconds at which it was rotated. */
  readonly since: number
}

interface RetireOptions {
  readonly signal?: AbortSignal
  readonly onRetired?: (key: RetiredKey) => void
  /** Hears of each key that goes on for now. */
  readonly onRetiring?: (key: RetiringKey) => void
}

const KEYS_PER_PAGE = 100

/**
 * Makes keys Inactive that were rotated and whose time has come or that nobody uses, and deletes those that have been so for long. Any number of
 * processes may run it, at any time. Rejects at the end when it failed for some keys; the others have had their turn.
 */
export async function retireKeys(context: ServiceContext, options: RetireOptions = {}): Promise<void> {
  const { signal, onRetired, onRetiring } = options
  const round = new Round(signal)
  const { end } = retirementsRange()
  let { start } = retirementsRange()
  for (;;) {
    const rows = await context.metadata.scan({ start, end, limit: KEYS_PER_PAGE, keysOnly: true })
    for (const { key } of rows) {
      const accessKeyId = retiringKeyIdOf(key)
      await round.attempt(`the access key ${accessKeyId}`, async () => {
        const { retired, retiring } = await retireKey(context, accessKeyId)
        if (retired) onRetired?.(retired)
        if (retiring) onRetiring?.(retiring)
      })
    }
    const last = rows.at(-1)
    if (!last || rows.length < KEYS_PER_PAGE) break
    start = keyAfter(last.key)
  }
  round.finish()
}

interface Outcome {
  readonly retired?: RetiredKey
  readonly retiring?: RetiringKey
}

async function retireKey(context: ServiceContext, accessKeyId: string): Promise<Outcome> {
  const [entry] = await context.metadata.getMany([credentialKey(accessKeyId)])
  const turn = turnOf(entry ? credentialCodec.decode(entry.value) : null)
  return await commitInTurn(context, turn, () => prepare(context, accessKeyId))
}

function turnOf(record: CredentialRecord | null): string {
  if (record?.type === 'bucket-key') return bucketTurn(record.bucketName)
  return applicationKeysTurn(record?.accountId ?? '')
}

/** A key that was rotated as it is stored, with what its retirement is written to. */
interface Found {
  readonly entry: Entry
  readonly record: CredentialRecord
  readonly retirement: Retirement
  /** The change by which it is Inactive, without its checks. */
  readonly ended: (endedAt: number) => NonNullable<Change['sets']>
  /** What goes with it when it is deleted. */
  readonly deleted: Pick<Change, 'sets' | 'deletes'>
  readonly checks: NonNullable<Change['checks']>
}

async function prepare(context: ServiceContext, accessKeyId: string): Promise<Attempt<Outcome>> {
  const nowMs = context.clock.now()
  const row = retirementKey(accessKeyId)
  const keys = [credentialKey(accessKeyId), lastUsedKey(accessKeyId), row]
  const [entry = null, usedEntry = null, rowEntry = null] = await context.metadata.getMany(keys)
  if (!rowEntry) return { change: null, result: {} }
  const checkRow = { key: row, version: rowEntry.version }
  const found = entry ? await findRetirement(context, entry) : null
  // The key was deleted, or its rotation taken back.
  if (!found)
    return {
      change: {
        checks: [checkRow, { key: credentialKey(accessKeyId), version: entry?.version ?? null }],
        deletes: [row],
      },
      result: {},
    }
  const { record, retirement } = found
  const key = {
    accountId: record.accountId,
    accessKeyId,
    ...(record.type === 'application-key' && { name: record.name }),
    ...(record.type === 'bucket-key' && { bucketName: record.bucketName }),
  }
  const checks = [checkRow, ...found.checks, { key: found.entry.key, version: found.entry.version }]
  const deletedAt = deletionOf(context, retirement)
  if (deletedAt !== undefined && nowMs >= deletedAt) {
    const { sets = [], deletes = [] } = found.deleted
    return {
      change: { checks, sets, deletes: [found.entry.key, lastUsedKey(accessKeyId), row, ...deletes] },
      result: { retired: { ...key, became: 'deleted' } },
    }
  }
  if (retirement.endedAt !== undefined) return { change: null, result: {} }
  const lastUsed = usedEntry ? lastUsedCodec.decode(usedEntry.value).lastUsedDate : null
  if (!isDue(retirement, lastUsed, nowMs))
    return { change: null, result: { retiring: { ...key, since: retirement.since ?? nowMs } } }
  return {
    change: {
      // A use that is noted meanwhile is one more reason to wait.
      checks: [...checks, { key: lastUsedKey(accessKeyId), version: usedEntry?.version ?? null }],
      sets: found.ended(nowMs),
      usesReserve: true,
    },
    result: { retired: { ...key, became: 'Inactive' } },
  }
}

/** Null when the key is not one that was rotated. */
async function findRetirement(context: ServiceContext, entry: Entry): Promise<Found | null> {
  const record = credentialCodec.decode(entry.value)
  const { accountId, accessKeyId } = record
  if (record.type === 'bucket-key') {
    const { retirement } = record
    if (!retirement) return null
    return {
      entry,
      record,
      retirement,
      checks: [],
      ended: (endedAt) => [
        {
          key: entry.key,
          value: credentialCodec.encode({
            ...record,
            status: 'Inactive',
            retirement: { ...retirement, endedAt },
          }),
        },
      ],
      deleted: { deletes: [accessKeySlotKey(record.bucketId, record.slot)] },
    }
  }
  if (record.type !== 'application-key') return null
  const nameKey = keyNameKey(accountId, record.name)
  const [nameEntry] = await context.metadata.getMany([nameKey])
  const names = nameEntry ? keyNameCodec.decode(nameEntry.value) : null
  if (!nameEntry || names?.retiring?.accessKeyId !== accessKeyId) return null
  const { retiring } = names
  return {
    entry,
    record,
    retirement: retiring,
    checks: [{ key: nameKey, version: nameEntry.version }],
    ended: (endedAt) => [
      { key: entry.key, value: credentialCodec.encode({ ...record, status: 'Inactive' }) },
      { key: nameKey, value: keyNameCodec.encode({ ...names, retiring: { ...retiring, endedAt } }) },
    ],
    deleted: {
      sets: [{ key: nameKey, value: keyNameCodec.encode({ accessKeyId: names.accessKeyId }) }],
    },
  }
}
