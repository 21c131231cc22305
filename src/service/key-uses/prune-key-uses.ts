import { keyAfter } from '../../base/key.ts'
import { KEYS_PER_COMMIT_ADVISED } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import {
  keyUseRowsKey,
  keyUseRowsRange,
  keyUsesBeforeRange,
  keyUsesOfAccountRange,
  parseKeyUseRowsKey,
} from '../keyspace.ts'
import { keyUseRowsCodec } from '../records/key-use.ts'
import { dayOf } from '../usage/daily-usage.ts'
import { keptRowsMax, oldestKeptDay } from './kept-days.ts'

/**
 * Forgets who used keys before the days that are kept, and of accounts with too many rows the oldest days, but today; gives how many rows of uses went. Any
 * number of processes may run it, at any time, and stopping in the middle is harmless.
 */
export async function pruneKeyUses(context: ServiceContext, signal?: AbortSignal): Promise<number> {
  const oldest = oldestKeptDay(context)
  let removed = await removeRows(context, keyUsesBeforeRange(oldest), signal)
  for (const { accountId, days } of await countedDays(context, signal)) {
    let rows = days.reduce((sum, day) => sum + day.rows, 0)
    for (const { day, rows: ofDay } of days) {
      const isTooMuch = rows > keptRowsMax(context) && day < dayOf(context.clock.now())
      if (day >= oldest && !isTooMuch) break
      removed += await removeRows(context, keyUsesOfAccountRange(day, accountId), signal)
      // What a gateway adds late to a day that is gone is counted anew.
      await context.metadata.commit({ deletes: [keyUseRowsKey(accountId, day)] })
      rows -= ofDay
    }
  }
  return removed
}

interface CountedDay {
  readonly day: number
  readonly rows: number
}

/** How many rows each account has on each day, the oldest first. */
async function countedDays(
  { metadata }: ServiceContext,
  signal: AbortSignal | undefined,
): Promise<readonly { readonly accountId: string; readonly days: readonly CountedDay[] }[]> {
  const accounts = new Map<string, CountedDay[]>()
  const range = keyUseRowsRange()
  for (let { start } = range; ;) {
    signal?.throwIfAborted()
    const entries = await metadata.scan({ start, end: range.end, limit: ENTRIES_PER_SCAN })
    for (const { key, value } of entries) {
      const { accountId, day } = parseKeyUseRowsKey(key)
      const days = accounts.get(accountId) ?? []
      accounts.set(accountId, days)
      days.push({ day, rows: keyUseRowsCodec.decode(value).rows })
    }
    const last = entries.at(-1)
    if (!last || entries.length < ENTRIES_PER_SCAN)
      return [...accounts].map(([accountId, days]) => ({ accountId, days }))
    start = keyAfter(last.key)
  }
}

const ENTRIES_PER_SCAN = 1_000

async function removeRows(
  { metadata }: ServiceContext,
  range: { readonly start: Buffer; readonly end: Buffer },
  signal: AbortSignal | undefined,
): Promise<number> {
  for (let removed = 0; ;) {
    signal?.throwIfAborted()
    const rows = await metadata.scan({ ...range, limit: KEYS_PER_COMMIT_ADVISED, keysOnly: true })
    if (rows.length === 0) return removed
    await metadata.commit({ deletes: rows.map(({ key }) => key) })
    removed += rows.length
  }
}
