import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PLANTED_FAULTS } from './planted-faults.ts'
import { findFailure } from './seeds.ts'

const SEEDS = 1_000

describe('the simulation finds', () => {
  for (const { what, choices } of PLANTED_FAULTS)
    it(`that ${what}, within ${SEEDS} seeds`, async (t) => {
      const { failure } = await findFailure(1, SEEDS, choices)
      assert.ok(failure)
      t.diagnostic(`seed ${failure.seed}: ${failure.problems[0]?.split('\n')[0]}`)
    })
})
