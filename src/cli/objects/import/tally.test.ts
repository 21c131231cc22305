import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Loss } from './described-object.ts'
import { Tally } from './tally.ts'

const tally = (counts: Partial<Tally>): Tally => Object.assign(new Tally(), counts)
const [one, other] = ['tags', 'checksum'] as unknown as readonly [Loss, Loss]

describe('what happened in a pass, counted', () => {
  it('adds up over passes where it was done, and is that of the last one where it was found', () => {
    const first = tally({
      ...{ copied: 1, copiedBytes: 2, markers: 3, removed: 4, gone: 5, unverified: 6 },
      same: 7,
      failed: 8,
      onlyThere: 9,
    })
    first.add(
      tally({
        ...{ copied: 10, copiedBytes: 20, markers: 30, removed: 40, gone: 50, unverified: 60 },
        ...{ same: 70, failed: 80, onlyThere: 90 },
      }),
    )
    assert.deepEqual(Object.fromEntries(Object.entries(first)), {
      ...{ copied: 11, copiedBytes: 22, markers: 33, removed: 44, gone: 55, unverified: 66 },
      ...{ same: 70, failed: 80, onlyThere: 90, losses: new Map() },
    })
  })

  it('counts losses by what was lost', () => {
    const [first, next] = [new Tally(), new Tally()]
    first.lost([one, other])
    first.lost([one])
    first.lost([])
    next.lost([one])
    assert.deepEqual(
      first.losses,
      new Map([
        [one, 2],
        [other, 1],
      ]),
    )
    next.add(first)
    assert.deepEqual(
      next.losses,
      new Map([
        [one, 3],
        [other, 1],
      ]),
    )
  })
})
