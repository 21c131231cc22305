import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { describeFailure, findFailure } from '../simulation/seeds.ts'

const SEEDS = Number(process.env['LUGSAIL_SIMULATION_SEEDS'] ?? 20)
/** A seed with which bodies were cut while leases ended by the clocks of other machines. */
const CUT_ONCE = 46

describe('clocks that jump by seconds to days, forwards and backwards, while others stay', () => {
  for (const topology of ['machine', 'cluster'] as const)
    it(`lose no object, no version and no blob, and stop no key (${topology}, ${SEEDS} seeds)`, async () => {
      const { failure } = await findFailure(1, SEEDS, { topology, troubles: ['clock'], isLong: true })
      assert.equal(failure && describeFailure(failure), null)
    })

  it('cut no body, however slow it is read', async () => {
    const { failure } = await findFailure(CUT_ONCE, SEEDS, {
      topology: 'cluster',
      troubles: ['clock'],
      isLong: true,
      slowPauseMs: 300_000,
    })
    assert.equal(failure && describeFailure(failure), null)
  })

  it('nor do they beside kills and power losses', async () => {
    const { failure } = await findFailure(1, SEEDS, {
      topology: 'machine',
      troubles: ['clock', 'kill', 'power'],
    })
    assert.equal(failure && describeFailure(failure), null)
  })
})
