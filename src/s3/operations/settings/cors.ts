import * as model from '../../../model/s3/settings/cors.ts'
import { changeS3Bucket } from '../../../service/buckets/change-s3-bucket.ts'
import { findCorsFault, storedCorsRules } from '../../../service/cors/cors-rules.ts'
import { DomainError } from '../../../service/errors/domain-error.ts'
import { handler } from '../../operation-handler.ts'

/** Shows the CORS rules. Throws `NoSuchCORSConfiguration`. */
export const getBucketCorsHandler = handler(model.getBucketCors, async (_input, call) => {
  const { cors } = call.bucket
  if (!cors || cors.length === 0)
    throw new DomainError('NoSuchSetting', { bucketName: call.bucket.name, setting: 'cors-rules' })
  return {
    CORSConfiguration: {
      CORSRules: cors.map((rule) => ({
        ID: rule.id,
        AllowedHeaders: rule.allowedHeaders,
        AllowedMethods: rule.allowedMethods,
        AllowedOrigins: rule.allowedOrigins,
        ExposeHeaders: rule.exposeHeaders,
        MaxAgeSeconds: rule.maxAgeSeconds,
      })),
    },
  }
})

/** Replaces all CORS rules. Throws `InvalidCorsRules`. */
export const putBucketCorsHandler = handler(model.putBucketCors, async (input, call) => {
  const rules = input.CORSConfiguration.CORSRules.map((rule) => ({
    id: rule.ID,
    allowedMethods: rule.AllowedMethods,
    allowedOrigins: rule.AllowedOrigins,
    allowedHeaders: rule.AllowedHeaders,
    exposeHeaders: rule.ExposeHeaders,
    maxAgeSeconds: rule.MaxAgeSeconds,
  }))
  const fault = findCorsFault(rules)
  if (fault) throw new DomainError('InvalidCorsRules', fault)
  const cors = storedCorsRules(rules)
  await changeS3Bucket(call.context, call.admission, (record) => ({ ...record, cors }))
  return {}
})

/** Removes all CORS rules; none there is no error. */
export const deleteBucketCorsHandler = handler(model.deleteBucketCors, async (_input, call) => {
  await changeS3Bucket(call.context, call.admission, ({ cors: _cors, ...record }) => record)
  return {}
})
