import type { ReadConditions } from '../../service/objects/conditions.ts'
import { parseEtags } from './etags.ts'

interface ReadConditionsInput {
  readonly IfMatch?: string | undefined
  readonly IfNoneMatch?: string | undefined
  readonly IfModifiedSince?: number | undefined
  readonly IfUnmodifiedSince?: number | undefined
}

/** The conditions of a request that reads; undefined when it has none. */
export function readConditions(input: ReadConditionsInput): ReadConditions | undefined {
  const ifMatch = parseEtags(input.IfMatch, 'if-match')
  const ifNoneMatch = parseEtags(input.IfNoneMatch, 'if-none-match')
  const { IfModifiedSince: ifModifiedSince, IfUnmodifiedSince: ifUnmodifiedSince } = input
  if (!ifMatch && !ifNoneMatch && ifModifiedSince === undefined && ifUnmodifiedSince === undefined)
    return undefined
  return {
    ...(ifMatch && { ifMatch }),
    ...(ifNoneMatch && { ifNoneMatch }),
    ...(ifModifiedSince !== undefined && { ifModifiedSince }),
    ...(ifUnmodifiedSince !== undefined && { ifUnmodifiedSince }),
  }
}

/** The object as conditions see it. */
interface ConditionedState {
  readonly etag: string
  readonly lastModified: number
}

/**
 * What conditions make of a read, in the order of RFC 9110, section 13.2.2: `failed` names the header that does not hold (412),
 * `unchanged` means that the client has this state already (304).
 */
export function checkReadConditions(
  conditions: ReadConditions,
  { etag, lastModified }: ConditionedState,
): { readonly failed: string } | 'unchanged' | 'ok' {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions
  const isModifiedAfter = (instant: number): boolean =>
    Math.floor(lastModified / 1000) > Math.floor(instant / 1000)
  if (ifMatch) {
    if (!matches(ifMatch, etag)) return { failed: 'If-Match' }
  } else if (ifUnmodifiedSince !== undefined && isModifiedAfter(ifUnmodifiedSince)) {
    return { failed: 'If-Unmodified-Since' }
  }
  if (ifNoneMatch) return matches(ifNoneMatch, etag) ? 'unchanged' : 'ok'
  return ifModifiedSince !== undefined && !isModifiedAfter(ifModifiedSince) ? 'unchanged' : 'ok'
}

const matches = (etags: readonly string[], etag: string): boolean =>
  etags.includes('*') || etags.includes(etag)
