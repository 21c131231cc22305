import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SeededRandom } from '../seeded-random.ts'
import { describeFailure, findFailure } from './seeds.ts'
import { simulate, type Choices } from './simulation.ts'

const SEEDS = Number(process.env['LUGSAIL_SIMULATION_SEEDS'] ?? 200)

/** Seeds that found faults of the product, or show one that was planted, with what else was chosen for them. */
const FOUND: readonly (readonly [seed: number, choices: Choices])[] = [
  // Bodies were cut while leases ended by the clocks of other machines.
  [46, { topology: 'cluster', troubles: ['clock'], isLong: true, slowPauseMs: 300_000 }],
  [123, {}],
  // A process counted on a name that the system had given up, of which another one had been told.
  [57, {}],
  // An older version that became the current one was expired.
  [133, { isExpiring: true }],
  // What the planted faults of planted-faults.ts are found with first.
  ...[1, 6, 8, 9, 22].map((seed) => [seed, {}] as const),
]

describe('a simulated store', () => {
  it(`tells the truth whatever its machines do (${SEEDS} seeds)`, async (t) => {
    const { seed } = new SeededRandom()
    const { failure, operations } = await findFailure(seed, SEEDS)
    t.diagnostic(`${operations} operations, seeds from ${seed}`)
    assert.equal(failure && describeFailure(failure), null)
  })

  it('tells the truth with each seed that once found a fault', async () => {
    for (const [seed, choices] of FOUND) {
      const outcome = await simulate(seed, choices)
      assert.deepEqual(outcome.problems, [], describeFailure(outcome))
    }
  })

  it('does the same again for the same seed', async () => {
    for (const seed of [3, 5, 7]) {
      const [first, second] = [await simulate(seed), await simulate(seed)]
      assert.ok(first.log.length > 200)
      assert.deepEqual(second.log, first.log)
    }
  })
})
