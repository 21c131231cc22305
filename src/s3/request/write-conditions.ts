import { S3Error } from '../s3-error.ts'
import type { WriteConditions } from '../../service/versions/conditions.ts'
import { parseEtags } from './etags.ts'

/** The conditions of a request that replaces an object. Throws `NotImplemented` for both at once, as S3 does. */
export function writeConditions(input: {
  readonly IfMatch?: string | undefined
  readonly IfNoneMatch?: string | undefined
}): WriteConditions {
  const ifMatch = parseEtags(input.IfMatch, 'if-match')
  const ifNoneMatch = parseEtags(input.IfNoneMatch, 'if-none-match')
  if (ifMatch && ifNoneMatch)
    throw new S3Error('NotImplemented', 'If-Match and If-None-Match exclude each other on a write.', {
      details: {
        header: 'If-Match,If-None-Match',
        additionalMessage: 'Multiple conditional request headers present in the request',
      },
    })
  return { ...(ifMatch && { ifMatch }), ...(ifNoneMatch && { ifNoneMatch }) }
}
