import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PLANTED_FAULTS } from './planted-faults.ts'
import { findFailure } from './seeds.ts'

/** Those that are found within few seeds; `*.long.test.ts` looks for all. */
const QUICK = ['folder of a blob is not synced', 'references to blobs are not removed', 'checksums of blobs']
const SEEDS = 20

describe('the simulation finds', () => {
  for (const { what, choices } of PLANTED_FAULTS) {
    if (!QUICK.some((part) => what.includes(part))) continue
    it(`that ${what}, within ${SEEDS} seeds`, async () => {
      assert.ok((await findFailure(1, SEEDS, choices)).failure)
    })
  }
})
