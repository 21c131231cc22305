import { KEYS_PER_COMMIT_ADVISED } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import { keyUsesBeforeRange } from '../keyspace.ts'
import { oldestKeptDay } from './kept-days.ts'

/**
 * Forgets who used keys before the days that are kept; gives how many rows went. Any number of processes may run it, at any time, and stopping in
 * the middle is harmless.
 */
export async function pruneKeyUses(context: ServiceContext, signal?: AbortSignal): Promise<number> {
  const range = keyUsesBeforeRange(oldestKeptDay(context))
  let removed = 0
  for (;;) {
    signal?.throwIfAborted()
    const rows = await context.metadata.scan({ ...range, limit: KEYS_PER_COMMIT_ADVISED, keysOnly: true })
    if (rows.length === 0) return removed
    await context.metadata.commit({ deletes: rows.map(({ key }) => key) })
    removed += rows.length
  }
}
