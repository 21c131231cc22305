import type { ReadConditions } from '../../service/versions/conditions.ts'
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
