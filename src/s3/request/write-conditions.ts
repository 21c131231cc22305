import { oneWriteCondition, type WriteConditions } from '../../service/versions/conditions.ts'
import { parseEtags } from './etags.ts'

/** The conditions of a request that replaces an object. Throws as oneWriteCondition. */
export function writeConditions(input: {
  readonly IfMatch?: string | undefined
  readonly IfNoneMatch?: string | undefined
}): WriteConditions {
  const ifMatch = parseEtags(input.IfMatch, 'if-match')
  const ifNoneMatch = parseEtags(input.IfNoneMatch, 'if-none-match')
  return oneWriteCondition({ ...(ifMatch && { ifMatch }), ...(ifNoneMatch && { ifNoneMatch }) })
}
