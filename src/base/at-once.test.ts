import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { forEachAtOnce } from './at-once.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Numbers from 0, each only after so many turns; says whether it was told that no more is taken. */
function numbers(count: number, turnsBetween = 0) {
  const seen = { given: 0, isLetGo: false }
  const items = async function* () {
    try {
      for (; seen.given < count; seen.given++) {
        for (let turns = 0; turns < turnsBetween; turns++) await turn()
        yield seen.given
      }
    } finally {
      seen.isLetGo = true
    }
  }
  return { seen, items: items() }
}

describe('forEachAtOnce', () => {
  it('does the work for each item once, for so many at a time and no more', async () => {
    for (const limit of [1, 3, 50]) {
      const done: number[] = []
      let [now, most] = [0, 0]
      await forEachAtOnce(numbers(20).items, limit, async (item) => {
        most = Math.max(most, ++now)
        await turn()
        now--
        done.push(item)
      })
      assert.deepEqual(
        done.sort((a, b) => a - b),
        Array.from({ length: 20 }, (_, index) => index),
      )
      assert.equal(most, Math.min(limit, 20))
    }
  })

  it('rejects with the first error once all that runs has ended, also where it came while nobody waited', async () => {
    for (const turnsBetween of [0, 5]) {
      const { seen, items } = numbers(100, turnsBetween)
      let running = 0
      const work = async (item: number): Promise<void> => {
        running++
        try {
          if (item === 3) throw new Error('refused')
          await turn()
          if (item > 3) throw new Error('a later one')
        } finally {
          running--
        }
      }
      await assert.rejects(forEachAtOnce(items, 4, work), /refused/)
      assert.deepEqual([running, seen.isLetGo], [0, true])
      assert.ok(seen.given < 20, `${seen.given} were taken`)
    }
  })

  it('rejects with what the items failed with, after the work that had begun', async () => {
    const done: number[] = []
    const failing = async function* () {
      yield 1
      throw new Error('no more')
    }
    const work = async (item: number): Promise<void> => {
      await turn()
      done.push(item)
    }
    await assert.rejects(forEachAtOnce(failing(), 2, work), /no more/)
    assert.deepEqual(done, [1])
  })
})
