import { isHeaderName } from '../../base/header-name.ts'
import { putBucketCors as model } from '../../model/s3/put-bucket-cors.ts'
import type { ValueOf } from '../../model/shape.ts'
import type { CorsRule as CorsRuleShape } from '../../model/s3/shapes/cors.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { ServiceError } from '../../service/errors.ts'
import type { CorsRule } from '../../service/records/bucket.ts'
import { handler } from '../operation-handler.ts'

const METHODS: ReadonlySet<string> = new Set(['GET', 'PUT', 'HEAD', 'POST', 'DELETE'])

/** Replaces all CORS rules. Throws `InvalidRequest`. */
export const putBucketCorsHandler = handler(model, async (input, call) => {
  const cors = input.CORSConfiguration.CORSRules.map(checkedRule)
  await changeS3Bucket(call.context, call.admission, (record) => ({ ...record, cors }))
  return {}
})

/** Throws `InvalidRequest` for a method that S3 does not have, for more than one wildcard in a value, and for exposed headers that are no names. */
function checkedRule(rule: ValueOf<typeof CorsRuleShape>): CorsRule {
  for (const method of rule.AllowedMethods)
    if (!METHODS.has(method))
      throw new ServiceError(
        'InvalidRequest',
        `Found unsupported HTTP method in CORS config. Unsupported method is ${method}`,
      )
  for (const value of [...rule.AllowedOrigins, ...(rule.AllowedHeaders ?? [])])
    if (value.indexOf('*') !== value.lastIndexOf('*'))
      throw new ServiceError(
        'InvalidRequest',
        `AllowedOrigin "${value}" can not have more than one wildcard.`,
      )
  for (const name of rule.ExposeHeaders ?? [])
    if (!isHeaderName(name) || name.includes('*'))
      throw new ServiceError(
        'InvalidRequest',
        `ExposeHeader ${JSON.stringify(name)} is not the name of a header.`,
      )
  return {
    ...(rule.ID !== undefined && { id: rule.ID }),
    allowedMethods: rule.AllowedMethods,
    allowedOrigins: rule.AllowedOrigins,
    ...(rule.AllowedHeaders && { allowedHeaders: rule.AllowedHeaders }),
    ...(rule.ExposeHeaders && { exposeHeaders: rule.ExposeHeaders }),
    ...(rule.MaxAgeSeconds !== undefined && { maxAgeSeconds: rule.MaxAgeSeconds }),
  }
}
