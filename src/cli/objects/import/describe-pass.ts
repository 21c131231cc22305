import { grouped, timeText } from './pace.ts'
import type { Tally } from './tally.ts'

interface FinishedPass {
  /** Counted from 1. */
  readonly pass: number
  readonly startedAt: Date
  readonly seconds: number
}

/** A line that tells what a pass did over all buckets, and of which moment the destination is now. */
export function describePass({ pass, startedAt, seconds }: FinishedPass, all: Tally): string {
  const parts: readonly [count: number, what: string][] = [
    [all.copied, 'copied'],
    [all.markers, 'delete markers'],
    [all.removed, 'removed'],
    [all.failed, 'failed'],
  ]
  const done = parts.filter(([count]) => count > 0).map(([count, what]) => `${grouped(count)} ${what}`)
  return `pass ${pass}: ${done.length === 0 ? 'nothing new' : done.join(', ')}; the destination is what the source was at ${startedAt.toISOString()}, ${timeText(seconds)} ago`
}
