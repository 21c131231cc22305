import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Slots } from './slots.ts'

describe('slots', () => {
  it('let so many things happen at once, and the next one in when one is over, also badly', async () => {
    const slots = new Slots(2)
    const ends: ((error?: Error) => void)[] = []
    let running = 0
    const use = (): Promise<number> =>
      slots.use(async () => {
        running += 1
        const index = ends.length
        await new Promise<void>((resolve, reject) => {
          ends.push((error) => (error === undefined ? resolve() : reject(error)))
        }).finally(() => (running -= 1))
        return index
      })
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
    const uses = [use(), use(), use(), use()]
    await turn()
    assert.deepEqual([running, ends.length], [2, 2])
    ends[0]?.()
    assert.equal(await uses[0], 0)
    await turn()
    assert.deepEqual([running, ends.length], [2, 3])
    ends[1]?.(new Error('no'))
    await assert.rejects(uses[1] ?? Promise.resolve(), { message: 'no' })
    await turn()
    assert.deepEqual([running, ends.length], [2, 4])
    ends[2]?.()
    ends[3]?.()
    await Promise.all(uses.slice(2))
    assert.equal(running, 0)
    const more = [use(), use(), use()]
    await turn()
    assert.deepEqual([running, ends.length], [2, 6])
    for (const end of [4, 5]) ends[end]?.()
    await turn()
    ends[6]?.()
    await Promise.all(more)
  })
})
