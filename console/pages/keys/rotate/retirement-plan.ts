import type { Input } from '../../../api/json-api.ts'
import { endOfDay } from '../create/key-draft.ts'

/** What has the old key stop. */
export type Plan = 'idle' | 'day' | 'self' | 'now'

/** How a rotation is chosen. */
export interface PlanDraft {
  readonly plan: Plan
  /** Of `idle`: seconds without a request. */
  readonly idleSeconds: number
  /** Of `day`: `2026-12-04`, its last day in the person's zone. */
  readonly day: string
}

/** The longest that a server lets an old key go on. */
const SECONDS_MAX = 90 * 24 * 60 * 60

/** What RotateAccessKey is told of when the old key stops. */
export function retirementOf({
  plan,
  idleSeconds,
  day,
}: PlanDraft): Pick<Input<'RotateAccessKey'>, 'retireInSeconds' | 'retireAt' | 'retireWhenIdleSeconds'> {
  switch (plan) {
    case 'idle':
      return { retireWhenIdleSeconds: idleSeconds }
    case 'day':
      return { retireAt: endOfDay(day) ?? 0 }
    case 'self':
      return { retireInSeconds: SECONDS_MAX }
    case 'now':
      return { retireInSeconds: 0 }
  }
}

/** Whether there is such a day, and it is not over. */
export const isGoodPlan = ({ plan, day }: PlanDraft, nowMs: number): boolean =>
  plan !== 'day' || (endOfDay(day) ?? 0) > nowMs
