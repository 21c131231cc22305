import { putBucketCors as model } from '../../model/s3/put-bucket-cors.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { findCorsFault, storedCorsRules } from '../../service/buckets/cors-rules.ts'
import { corsError } from '../cors/cors-error.ts'
import { handler } from '../operation-handler.ts'

/** Replaces all CORS rules. Throws as `corsError` says. */
export const putBucketCorsHandler = handler(model, async (input, call) => {
  const rules = input.CORSConfiguration.CORSRules.map((rule) => ({
    id: rule.ID,
    allowedMethods: rule.AllowedMethods,
    allowedOrigins: rule.AllowedOrigins,
    allowedHeaders: rule.AllowedHeaders,
    exposeHeaders: rule.ExposeHeaders,
    maxAgeSeconds: rule.MaxAgeSeconds,
  }))
  const fault = findCorsFault(rules)
  if (fault) throw corsError(fault)
  const cors = storedCorsRules(rules)
  await changeS3Bucket(call.context, call.admission, (record) => ({ ...record, cors }))
  return {}
})
