import type { Principal } from '../../principal.ts'
import type { AccessQuestion, RequestFacts } from '../question.ts'
import type { ConditionSource } from './condition-keys.ts'
import type { Match } from './evaluate.ts'
import type { Condition } from './policy.ts'

interface Remembered {
  readonly principal: Principal
  readonly matches: Map<Condition, Match>
}

/** By what the values were read from: a request's headers, say. */
const memories = new WeakMap<object, Remembered>()

/**
 * What was decided of conditions with this request before: questions about many objects share its headers, its query and its tags. Null where
 * nothing is kept, since it depends on the object.
 */
export function rememberedMatches(
  source: ConditionSource,
  { principal, request }: AccessQuestion,
): Map<Condition, Match> | null {
  const from = sourceOf(source, request)
  if (from === undefined) return null
  let remembered = memories.get(from)
  if (remembered?.principal !== principal) {
    remembered = { principal, matches: new Map() }
    memories.set(from, remembered)
  }
  return remembered.matches
}

function sourceOf(source: ConditionSource, request: RequestFacts): object | undefined {
  switch (source) {
    case 'request':
      return request
    case 'headers':
      return request.headers
    case 'query':
      return request.query
    case 'tags':
      return request.requestTags
    case 'object':
      return undefined
  }
}
