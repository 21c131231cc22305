import { setTimeout as delay } from 'node:timers/promises'
import { CompactionFailed } from '../metadata-store.ts'
import type { CommitQueue } from './commit-queue.ts'
import type { Environment } from './environment.ts'
import type { LiveEnvironment } from './live-environment.ts'

/** Whoever reads an older state after so long reads the store through: others are done within a turn. */
const LOOK_INTERVAL_MS = 500
/** So long a compaction that is ready waits for those who do. */
const WAIT_MS_MAX = 10 * 60_000

/**
 * Resolves when nobody reads an old state of the store, as a backup does: whoever does would lose it when another file takes the place of this one. Rejects with {@link CompactionFailed} when that takes too long.
 */
export async function waitForReaders(
  live: LiveEnvironment,
  commits: Pick<CommitQueue, 'commitNothing'>,
  signal?: AbortSignal,
): Promise<void> {
  const endAt = performance.now() + WAIT_MS_MAX
  let state = live.opened.file.newestState().transactionId
  while (live.onEnd.size > 0 || readsOlder(live.current, state)) {
    if (performance.now() > endAt)
      throw new CompactionFailed(
        'something reads the whole store, such as a backup; try again when it is done',
      )
    // From then on those who read for a turn read another state.
    await commits.commitNothing()
    await delay(LOOK_INTERVAL_MS, undefined, { ...(signal && { signal }) })
    if (live.onEnd.size === 0 && !readsOlder(live.current, state)) return
    state = live.opened.file.newestState().transactionId
  }
}

/** Whether a process, this one or another, reads that state or an older one in this moment. */
function readsOlder(environment: Environment, transactionId: number): boolean {
  environment.resetReadTxn()
  // A line for each reader: process, thread, and the number of the transaction whose state it reads, or `-`.
  return environment
    .readerList()
    .split('\n')
    .some((line) => {
      const [, id] = /^ *\d+ +[0-9a-f]+ (\d+)$/.exec(line) ?? []
      return id !== undefined && Number(id) <= transactionId
    })
}
