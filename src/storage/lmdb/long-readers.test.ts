import assert from 'node:assert/strict'
import { syncBuiltinESMExports } from 'node:module'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import timers from 'node:timers/promises'
import { CompactionFailed } from '../metadata-store.ts'
import type { LiveEnvironment } from './live-environment.ts'
import { waitForReaders } from './long-readers.ts'

/** A store whose readers read these states, one line for each commit of nothing; a number: that state, `newest`: always the newest one. */
function worldOf(reads: readonly (readonly (number | 'newest')[])[], snapshots: readonly number[] = []) {
  let [transactionId, commits, resets] = [10, 0, 0]
  const live = {
    opened: { file: { newestState: () => ({ transactionId }) } },
    get onEnd() {
      return { size: snapshots[Math.min(commits, snapshots.length - 1)] ?? 0 }
    },
    current: {
      resetReadTxn: () => resets++,
      readerList: () =>
        [
          '    pid     thread     txnid',
          ...(reads[Math.min(commits, reads.length - 1)] ?? []).map(
            (state) => `   ${process.pid} 7f8a9b ${state === 'newest' ? transactionId : state}`,
          ),
          `   ${process.pid} 7f8a9c -`,
        ].join('\n'),
    },
  }
  const queue = {
    commitNothing: () => {
      assert.ok(++commits < 9, 'nobody reads it any more')
      transactionId++
      return Promise.resolve()
    },
  }
  return {
    commits: () => commits,
    resets: () => resets,
    wait: (signal?: AbortSignal) => waitForReaders(live as unknown as LiveEnvironment, queue, signal),
  }
}

describe('a compaction that is ready', () => {
  // Time passes as soon as somebody waits for it.
  beforeEach(() => {
    const pass = (_ms: number, value: unknown, { signal }: { readonly signal?: AbortSignal }) => {
      signal?.throwIfAborted()
      return Promise.resolve(value)
    }
    mock.method(timers, 'setTimeout', pass as unknown as typeof timers.setTimeout)
    syncBuiltinESMExports()
  })
  afterEach(() => {
    mock.restoreAll()
    syncBuiltinESMExports()
  })

  it('goes on at once where nobody reads', async () => {
    const { wait, commits, resets } = worldOf([[]])
    await wait()
    assert.equal(commits(), 0)
    assert.ok(resets() > 0, 'what it read itself counts for nothing')
  })

  it('waits for no more than those who read when it looked: each later one reads another state', async () => {
    for (const [reads, snapshots, expected] of [
      [[['newest']], [], 1],
      [[[10], [10], ['newest']], [], 2],
      [[[3], [4], []], [], 2],
      [[[]], [1, 1, 0], 2],
    ] as const) {
      const { wait, commits } = worldOf(reads, snapshots)
      await wait()
      assert.equal(commits(), expected, JSON.stringify([reads, snapshots]))
    }
  })

  it('is given up after ten minutes, or where it is ended', async () => {
    let nowMs = 0
    mock.method(performance, 'now', () => nowMs)
    const { wait, commits } = worldOf([[10]])
    const waiting = wait()
    nowMs = 600_001
    await assert.rejects(waiting, (error) => {
      assert.ok(error instanceof CompactionFailed)
      assert.match(error.message, /something reads the whole store, such as a backup; try again/)
      return true
    })
    assert.equal(commits(), 1)
    await assert.rejects(worldOf([[10]]).wait(AbortSignal.abort()), { name: 'AbortError' })
  })
})
