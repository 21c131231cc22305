import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { payload } from './bindings.ts'
import { right } from './right.ts'
import { CorsConfiguration } from './shapes/cors.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Shows the CORS rules. */
export const getBucketCors = operation('GetBucketCors', {
  http: { method: 'GET', target: 'bucket', query: 'cors' },
  rights: [right('s3:GetBucketCORS', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({ CORSConfiguration: payload(CorsConfiguration, 'CORSConfiguration') }),
  errors: ['NoSuchCORSConfiguration'],
})
