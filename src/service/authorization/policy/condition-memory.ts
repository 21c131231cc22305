import type { RequestFacts } from '../question.ts'
import type { Condition } from './policy.ts'

/** Whether something applies; `unknown`: it depends on the object, or on the request's document, which was not read yet. */
export type Match = 'yes' | 'no' | 'unknown'

interface Decided {
  readonly actual: readonly string[]
  readonly match: Match
}

/** By the request's headers, which all questions about one request share. */
const memories = new WeakMap<RequestFacts['headers'], Map<Condition, Decided>>()

/**
 * Decides about a condition, once for as long as a request's questions have the same values for it: a batch of objects asks for each of them
 * with the same long header or argument.
 */
export function decideOnce(
  condition: Condition,
  { headers }: RequestFacts,
  actual: readonly string[],
  decide: () => Match,
): Match {
  let memory = memories.get(headers)
  if (!memory) {
    memory = new Map()
    memories.set(headers, memory)
  }
  const before = memory.get(condition)
  if (before && isSame(before.actual, actual)) return before.match
  const match = decide()
  memory.set(condition, { actual, match })
  return match
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index])
}
