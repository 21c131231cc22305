import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { endOfDay } from '../create/key-draft.ts'
import { isGoodPlan, retirementOf, type PlanDraft } from './retirement-plan.ts'

const draft: PlanDraft = { plan: 'idle', idleSeconds: 86_400, day: '2026-12-04' }

describe('when the old key stops', () => {
  it('is asked of the server by one of its members, never by none: that would be a day', () => {
    assert.deepEqual(retirementOf(draft), { retireWhenIdleSeconds: 86_400 })
    assert.deepEqual(retirementOf({ ...draft, plan: 'day' }), { retireAt: endOfDay('2026-12-04') })
    assert.deepEqual(retirementOf({ ...draft, plan: 'self' }), { retireInSeconds: 7_776_000 })
    assert.deepEqual(retirementOf({ ...draft, plan: 'now' }), { retireInSeconds: 0 })
  })

  it('is no day that is over', () => {
    const end = endOfDay('2026-12-04') ?? 0
    assert.equal(isGoodPlan({ ...draft, plan: 'day' }, end - 1), true)
    assert.equal(isGoodPlan({ ...draft, plan: 'day' }, end), false)
    assert.equal(isGoodPlan(draft, end), true)
  })
})
