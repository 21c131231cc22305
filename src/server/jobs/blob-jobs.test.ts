import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ServiceContext } from '../../service/context.ts'
import { createBlobJobs } from './blob-jobs.ts'

/** Jobs over a ledger that notes what it is asked. */
function world({ isOpen = true, referencesMended = 0 } = {}) {
  const asked: string[] = []
  const note =
    <T>(name: string, result: T) =>
    async (): Promise<T> => (asked.push(name), result)
  const ledger = {
    renew: note('renew', undefined),
    watchLeases: note('watch', undefined),
    reclaimDue: note('reclaim', undefined),
    answerQuestions: note('answer', undefined),
    sweep: async ({ signal }: { readonly signal: AbortSignal }) => {
      signal.throwIfAborted()
      return (asked.push('sweep'), { referencesMended })
    },
  }
  const told: string[] = []
  const context = {
    blobLedger: { ifOpen: Promise.resolve(isOpen ? ledger : undefined), open: async () => ledger },
    damage: {
      refresh: note('refresh', undefined),
      noteOther: (what: string, error: Error) => told.push(`${what}: ${error.message}`),
    },
  } as unknown as ServiceContext
  const jobs = createBlobJobs(context, 7_000)
  const run = async (name: string, signal = new AbortController().signal): Promise<readonly string[]> => {
    asked.length = 0
    await jobs.find((job) => job.name === name)?.run(signal)
    return [...asked]
  }
  return { jobs, run, told }
}

describe('what keeps the blob store in order', () => {
  it('is done by each process, each as often as others count on', () => {
    assert.deepEqual(
      world().jobs.map(({ name, intervalMs, scope }) => [name, intervalMs, scope]),
      [
        ['renew-writer-lease', 60_000, 'process'],
        ['reclaim-blobs', 5_000, 'process'],
        ['answer-removal-questions', 5_000, 'process'],
        ['look-for-damage', 5_000, 'process'],
        ['sweep-blobs', 7_000, 'process'],
      ],
    )
  })

  it('looks after the lease before those of others, and asks nothing of a process that wrote nothing', async () => {
    for (const [name, asked, askedOfNone] of [
      ['renew-writer-lease', ['renew', 'watch'], []],
      ['reclaim-blobs', ['reclaim'], []],
      ['answer-removal-questions', ['answer'], []],
      ['look-for-damage', ['refresh'], ['refresh']],
      ['sweep-blobs', ['sweep'], ['sweep']],
    ] as const) {
      assert.deepEqual(await world().run(name), asked, name)
      assert.deepEqual(await world({ isOpen: false }).run(name), askedOfNone, name)
    }
  })

  it('tells of references that were gone, and ends where it is to end', async () => {
    for (const [referencesMended, told] of [
      [0, []],
      [1, ['1 references to blobs: they were gone, though objects name these blobs, and were made again']],
    ] as const) {
      const swept = world({ referencesMended })
      await swept.run('sweep-blobs')
      assert.deepEqual(swept.told, told)
    }
    await assert.rejects(world().run('sweep-blobs', AbortSignal.abort(new Error('stopping'))), /stopping/)
  })
})
