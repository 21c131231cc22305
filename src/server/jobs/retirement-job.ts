import { DAY_MS } from '../../base/milliseconds.ts'
import type { ServiceContext } from '../../service/context.ts'
import { retireKeys, type RetiredKey, type RetiringKey } from '../../service/retirement/retire-keys.ts'
import type { Job } from './job.ts'

const INTERVAL_MS = 60_000
/** Keys that a line of the log names; of more it has the number. */
const NAMED_MAX = 10

/** Who hears of keys that were rotated. */
export interface RetirementReports {
  /** One became Inactive, or was deleted. */
  readonly onRetired: (key: RetiredKey) => void
  /** How many still count, and how many of them for too long; of the whole store. */
  readonly onCounted: (counts: { readonly retiring: number; readonly forgotten: number }) => void
  /** Once a day, while there are any: rotations that nobody brings to an end. `named`: some of them. */
  readonly onForgotten: (count: number, named: readonly RetiringKey[]) => void
}

/** Brings rotations of access keys to their end, and tells of those that stay for longer than `ageMsMax`. */
export function createRetirementJob(
  context: ServiceContext,
  ageMsMax: number,
  { onRetired, onCounted, onForgotten }: RetirementReports,
): Job {
  let toldAt = -Infinity
  return {
    name: 'retire-keys',
    intervalMs: INTERVAL_MS,
    scope: 'store',
    run: async (signal) => {
      let [retiring, forgotten] = [0, 0]
      const named: RetiringKey[] = []
      const nowMs = context.clock.now()
      const onRetiring = (key: RetiringKey): void => {
        retiring++
        if (nowMs - key.since < ageMsMax) return
        forgotten++
        if (named.length < NAMED_MAX) named.push(key)
      }
      await retireKeys(context, { signal, onRetired, onRetiring })
      onCounted({ retiring, forgotten })
      if (forgotten === 0 || nowMs - toldAt < DAY_MS) return
      toldAt = nowMs
      onForgotten(forgotten, named)
    },
  }
}
