import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { SortedMap } from './sorted-map.ts'

describe('SortedMap', () => {
  it('agrees with a sorted array over thousands of random sets, deletes and seeks', (t) => {
    const random = new SeededRandom()
    t.diagnostic(`seed ${random.seed}`)
    const map = new SortedMap<number, string>((a, b) => a - b)
    const model = new Map<number, string>()
    for (let step = 0; step < 20_000; step++) {
      const key = random.below(3000)
      if (random.below(3) === 0) assert.equal(map.delete(key), model.delete(key))
      else {
        map.set(key, String(step))
        model.set(key, String(step))
      }
    }
    const sorted = [...model].sort(([a], [b]) => a - b)
    assert.deepEqual([...map.ascendingFrom(-1)], sorted)
    assert.deepEqual([...map.descendingFrom(Infinity)], [...sorted].reverse())
    for (const start of [0, 1, 999, 1500, 2999, 4000]) {
      assert.equal(map.get(start), model.get(start))
      assert.deepEqual(
        [...map.ascendingFrom(start)],
        sorted.filter(([key]) => key >= start),
      )
      assert.deepEqual([...map.descendingFrom(start)], sorted.filter(([key]) => key < start).reverse())
    }
  })

  it('is empty again after every key was deleted', () => {
    const map = new SortedMap<number, number>((a, b) => a - b)
    for (let key = 0; key < 2000; key++) map.set(key, key)
    for (let key = 0; key < 2000; key++) map.delete(key)
    assert.deepEqual([...map.ascendingFrom(0)], [])
    map.set(5, 5)
    assert.deepEqual([...map.descendingFrom(10)], [[5, 5]])
  })
})
