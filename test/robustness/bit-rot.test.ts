import assert from 'node:assert/strict'
import { it } from 'node:test'
import { SeededRandom } from '../seeded-random.ts'
import { noOutcome, RottingStore } from './bit-rot.ts'

const ROUNDS = 4

it('bits flipped anywhere in the files of a store never give a wrong byte with a good end', async (t) => {
  const random = new SeededRandom()
  t.diagnostic(`seed ${random.seed}`)
  const store = await RottingStore.make(random, 80)
  try {
    const outcome = noOutcome()
    for (let round = 0; round < ROUNDS; round++) await store.rot({ metadata: 2, blobs: 3 }, outcome)
    t.diagnostic(JSON.stringify(outcome))
    assert.deepEqual(outcome.wrong, [])
    assert.ok(outcome.refused > 0 || outcome.crashes === ROUNDS, 'some damage was met')
  } finally {
    store.dispose()
  }
})
