import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Round } from './round.ts'

describe('Round', () => {
  const fail = async (): Promise<void> => {
    throw new Error('damaged')
  }

  it('gives all others their turn when some fail, then names the first and counts the rest', async () => {
    const round = new Round(undefined)
    const done: string[] = []
    for (const name of ['a', 'b', 'c', 'd'])
      await round.attempt(`bucket ${name}`, name < 'c' ? fail : async () => void done.push(name))
    assert.deepEqual(done, ['c', 'd'])
    assert.throws(
      () => round.finish(),
      (error) =>
        error instanceof Error &&
        /bucket a, and 1 more/.test(error.message) &&
        error.cause instanceof Error &&
        error.cause.message === 'damaged',
    )
  })

  it('ends well when nothing failed', async () => {
    const round = new Round(undefined)
    await round.attempt('bucket a', async () => undefined)
    round.finish()
  })

  it('ends at once when it is aborted', async () => {
    const aborting = new AbortController()
    const round = new Round(aborting.signal)
    await assert.rejects(
      round.attempt('bucket a', async () => {
        aborting.abort(new Error('stopped'))
        aborting.signal.throwIfAborted()
      }),
      /stopped/,
    )
    await assert.rejects(
      round.attempt('bucket b', async () => assert.fail('had a turn')),
      /stopped/,
    )
  })
})
