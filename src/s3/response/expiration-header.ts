import { formatHttpDate } from '../../base/http-date.ts'
import { expirationOf } from '../../service/lifecycle/expiration.ts'
import type { ObjectRecord } from '../../service/records/object.ts'
import type { S3Call } from '../call.ts'

/** `x-amz-expiration` of the addressed object, whose current version is `record`; undefined when no rule of the bucket lets it expire. */
export function expirationHeader(call: S3Call, record: ObjectRecord): string | undefined {
  const expiration = expirationOf(call.context, call.bucket, call.objectKey, record)
  if (!expiration) return undefined
  const date = formatHttpDate(expiration.at)
  return `expiry-date="${date}", rule-id="${encodeURIComponent(expiration.ruleId)}"`
}
