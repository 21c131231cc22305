import { getBucketCors as model } from '../../model/s3/get-bucket-cors.ts'
import { ServiceError } from '../../service/errors.ts'
import { handler } from '../operation-handler.ts'

/** Shows the CORS rules. Throws `NoSuchCORSConfiguration`. */
export const getBucketCorsHandler = handler(model, async (_input, call) => {
  const { cors } = call.bucket
  if (!cors || cors.length === 0) throw new ServiceError('NoSuchCORSConfiguration')
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
