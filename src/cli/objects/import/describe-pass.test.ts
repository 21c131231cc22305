import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { describePass } from './describe-pass.ts'
import { Tally } from './tally.ts'

const describeIt = (counts: Partial<Tally>): string =>
  describePass(
    { pass: 3, startedAt: new Date('2026-11-30T23:59:58.123Z'), seconds: 75 },
    Object.assign(new Tally(), counts),
  )

describe('the line about a pass of an import', () => {
  it('names what was done, and nothing of which there was none', () => {
    for (const [counts, done] of [
      [{ copied: 1 }, '1 copied'],
      [{ markers: 1 }, '1 delete markers'],
      [{ removed: 1 }, '1 removed'],
      [{ failed: 1 }, '1 failed'],
      [
        { copied: 12_345, markers: 2, removed: 3, failed: 4 },
        '12,345 copied, 2 delete markers, 3 removed, 4 failed',
      ],
    ] as const)
      assert.ok(describeIt(counts).startsWith(`pass 3: ${done}; `), describeIt(counts))
  })

  it('says that there was nothing new where what was found was there or is gone', () => {
    assert.ok(describeIt({ same: 5, gone: 1, onlyThere: 2 }).startsWith('pass 3: nothing new; '))
  })

  it('says of which moment the destination is now, and how long ago that was', () => {
    assert.ok(
      describeIt({}).endsWith(
        '; the destination is what the source was at 2026-11-30T23:59:58.123Z, 1m15s ago',
      ),
    )
  })
})
