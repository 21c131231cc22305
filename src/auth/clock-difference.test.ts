import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clockDifference } from './clock-difference.ts'

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5)
const MINUTE_MS = 60_000
/** As X-Amz-Date writes it. */
const written = (epochMs: number) =>
  `${new Date(epochMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`

describe("the difference of the client's clock", () => {
  const told: readonly (readonly [differenceMs: number, words: string])[] = [
    [0, '0 minutes ahead of'],
    [MINUTE_MS, '1 minute ahead of'],
    [-MINUTE_MS, '1 minute behind'],
    [-20 * MINUTE_MS, '20 minutes behind'],
    [119 * MINUTE_MS, '119 minutes ahead of'],
    [120 * MINUTE_MS, '2 hours ahead of'],
    [-47 * 60 * MINUTE_MS, '47 hours behind'],
    [48 * 60 * MINUTE_MS, '2 days ahead of'],
  ]
  for (const [differenceMs, words] of told)
    it(`is told as ${words}`, () =>
      assert.equal(
        clockDifference(written(NOW + differenceMs), NOW),
        `The clock of the client is ${words} the server's, on which it is 2026-01-02T03:04:05Z: set the one that is wrong.`,
      ))

  it('is told without a number where the time cannot be read', () =>
    assert.equal(
      clockDifference('soon', NOW),
      "The clock of the client differs from the server's, on which it is 2026-01-02T03:04:05Z.",
    ))
})
