import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SeededRandom } from '../seeded-random.ts'
import { describeFailure, findFailure } from './seeds.ts'
import { simulate } from './simulation.ts'

const SEEDS = Number(process.env['LUGSAIL_SIMULATION_SEEDS'] ?? 200)

describe('a simulated store', () => {
  it(`tells the truth whatever its machines do (${SEEDS} seeds)`, async (t) => {
    const { seed } = new SeededRandom()
    const { failure, operations } = await findFailure(seed, SEEDS)
    t.diagnostic(`${operations} operations, seeds from ${seed}`)
    assert.equal(failure && describeFailure(failure), null)
  })

  it('does the same again for the same seed', async () => {
    for (const seed of [3, 5, 7]) {
      const [first, second] = [await simulate(seed), await simulate(seed)]
      assert.ok(first.log.length > 200)
      assert.deepEqual(second.log, first.log)
    }
  })
})
