import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { requiredPayload } from './bindings.ts'
import { right } from './right.ts'
import { bodyIntegrityHeaders } from './shapes/checksum.ts'
import { CorsConfiguration } from './shapes/cors.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Sets the CORS rules. */
export const putBucketCors = operation('PutBucketCors', {
  http: { method: 'PUT', target: 'bucket', query: 'cors' },
  rights: [right('s3:PutBucketCORS', 'bucket')],
  input: structure({
    ...bucketInAddress,
    ...bodyIntegrityHeaders,
    CORSConfiguration: requiredPayload(CorsConfiguration, 'CORSConfiguration'),
  }),
  output: structure({}),
  errors: ['NoSuchBucket'],
})
