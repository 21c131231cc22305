import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memoryContext } from '../../../test/memory-context.ts'
import { isDomainError } from '../errors/domain-error.ts'
import { deletionOf, isDue, isRetiring, planRetirement, type RetirementRequest } from './retirement.ts'

const DAY_MS = 86_400_000
const NOW = Date.UTC(2030, 0, 1)

describe('the retirement of a key that is rotated', () => {
  type Key = Parameters<typeof planRetirement>[1]
  const ACTIVE: Key = { status: 'Active' }
  const table: readonly (readonly [key: Key, request: RetirementRequest, plan: object | null])[] = [
    [ACTIVE, {}, { until: NOW + DAY_MS }],
    [{ status: 'Inactive' }, {}, null],
    [{ status: 'Inactive' }, { retireInSeconds: 60 }, { until: NOW + 60_000 }],
    [ACTIVE, { retireInSeconds: 0 }, null],
    [ACTIVE, { retireInSeconds: 60 }, { until: NOW + 60_000 }],
    [ACTIVE, { retireAt: NOW + 1 }, { until: NOW + 1 }],
    [ACTIVE, { retireWhenIdleSeconds: 60 }, { idleMs: 60_000 }],
    [ACTIVE, { retireWhenIdleSeconds: 60, retireInSeconds: 90 }, { until: NOW + 90_000, idleMs: 60_000 }],
    [ACTIVE, { retireWhenIdleSeconds: 60, retireAt: NOW + 9 }, { until: NOW + 9, idleMs: 60_000 }],
    // Never later than the key was to end.
    [{ status: 'Active', validUntil: NOW + 5 }, {}, { until: NOW + 5 }],
    [
      { status: 'Active', validUntil: NOW + 5 },
      { retireWhenIdleSeconds: 60 },
      { until: NOW + 5, idleMs: 60_000 },
    ],
    [{ status: 'Active', validUntil: NOW + 5 }, { retireAt: NOW + 4 }, { until: NOW + 4 }],
    [{ status: 'Active', validUntil: NOW }, {}, null],
  ]
  for (const [key, request, plan] of table)
    it(`of ${JSON.stringify(key)} is, for ${JSON.stringify(request)}, ${plan ? JSON.stringify(plan) : 'at once'}`, () =>
      assert.deepEqual(planRetirement(memoryContext(), key, request), plan && { since: NOW, ...plan }))

  it('is refused where it cannot be meant', () => {
    for (const [request, problem] of [
      [{ retireInSeconds: 0, retireAt: NOW + 1 }, 'retireInSeconds and retireAt exclude each other'],
      [{ retireAt: NOW }, 'retireAt must be in the future, got 2030-01-01T00:00:00.000Z'],
    ] as const)
      assert.throws(
        () => planRetirement(memoryContext(), ACTIVE, request),
        (error) => isDomainError(error, 'InvalidApplicationKey') && error.fields.problem === problem,
      )
  })

  it('lets the key go on until its moment, or until it ended', () => {
    assert.deepEqual(
      [
        {},
        { until: NOW + 1 },
        { until: NOW },
        { endedAt: NOW - 1 },
        { until: NOW + 1, endedAt: NOW - 1 },
      ].map((each) => isRetiring(each, NOW)),
      [true, true, false, false, false],
    )
  })

  const due: readonly (readonly [
    retirement: Parameters<typeof isDue>[0],
    lastUsed: number | null,
    isDue: boolean,
  ])[] = [
    [{ until: NOW }, null, true],
    [{ until: NOW + 1 }, null, false],
    [{ until: NOW, endedAt: NOW }, null, false],
    [{ since: NOW - 100, idleMs: 100 }, null, true],
    [{ since: NOW - 99, idleMs: 100 }, null, false],
    [{ since: NOW - 500, idleMs: 100 }, NOW - 100, true],
    [{ since: NOW - 500, idleMs: 100 }, NOW - 99, false],
    // A use before the rotation is none of the old key's.
    [{ since: NOW - 99, idleMs: 100 }, NOW - 500, false],
    [{ idleMs: 100 }, null, true],
    [{}, null, false],
  ]
  for (const [retirement, lastUsed, expected] of due)
    it(`${expected ? 'is' : 'is not'} due for ${JSON.stringify(retirement)}, used last ${lastUsed === null ? 'never' : `${NOW - lastUsed} ms ago`}`, () =>
      assert.equal(isDue(retirement, lastUsed, NOW), expected))

  it('ends with the deletion of the key, after as many days as the settings say', () => {
    const after = (retiredKeyDays: number, endedAt?: number) =>
      deletionOf(
        memoryContext({ clock: memoryContext().clock, settings: { retiredKeyDays } }),
        endedAt === undefined ? {} : { endedAt },
      )
    assert.equal(after(7, NOW), NOW + 7 * DAY_MS)
    assert.equal(after(0, NOW), undefined)
    assert.equal(after(7), undefined)
  })
})
