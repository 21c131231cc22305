import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SeededRandom } from '../seeded-random.ts'
import { describeFailure, findFailure } from './seeds.ts'

const SEEDS = Number(process.env['LUGSAIL_SIMULATION_SEEDS'] ?? 10_000)

describe('a simulated store, for long', () => {
  it(`tells the truth whatever its machines do (${SEEDS} seeds)`, async (t) => {
    const { seed } = new SeededRandom()
    const { failure, operations } = await findFailure(seed, SEEDS)
    t.diagnostic(`${operations} operations, seeds from ${seed}`)
    assert.equal(failure && describeFailure(failure), null)
  })
})
