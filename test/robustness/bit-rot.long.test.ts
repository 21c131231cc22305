import assert from 'node:assert/strict'
import { it } from 'node:test'
import { SeededRandom } from '../seeded-random.ts'
import { noOutcome, RottingStore } from './bit-rot.ts'

const OBJECTS = 10_000
const ROUNDS = 10

it('a thousand flipped bits in the files of a store of 10,000 objects never give a wrong byte with a good end', async (t) => {
  const random = new SeededRandom()
  t.diagnostic(`seed ${random.seed}`)
  const store = await RottingStore.make(random, OBJECTS)
  try {
    const outcome = noOutcome()
    for (let round = 0; round < ROUNDS; round++) await store.rot({ metadata: 20, blobs: 80 }, outcome)
    t.diagnostic(JSON.stringify(outcome))
    assert.equal(outcome.flips, 1_000)
    assert.deepEqual(outcome.wrong, [])
    assert.ok(outcome.read > 0)
  } finally {
    store.dispose()
  }
})
