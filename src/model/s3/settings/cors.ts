import { operation } from '../../operation.ts'
import { list, required, structure } from '../../shape.ts'
import { payload, repeated, requiredPayload, requiredRepeated } from '../bindings.ts'
import { right } from '../right.ts'
import { bodyIntegrityHeaders } from '../shapes/checksum.ts'
import { bucketInAddress, IntegerValue, StringValue } from '../shapes/primitives.ts'

const Texts = list(StringValue, { isFlattened: true })

/** What pages of some origins may do with a bucket. */
const CorsRule = structure({
  ID: StringValue,
  AllowedHeaders: repeated('AllowedHeader', Texts),
  AllowedMethods: requiredRepeated('AllowedMethod', Texts),
  AllowedOrigins: requiredRepeated('AllowedOrigin', Texts),
  ExposeHeaders: repeated('ExposeHeader', Texts),
  MaxAgeSeconds: IntegerValue,
})

/** The CORS rules of a bucket, of which the first that fits counts. */
const CorsConfiguration = structure(
  { CORSRules: required(list(CorsRule, { isFlattened: true, lengthMax: 100 }), { xmlName: 'CORSRule' }) },
  { name: 'CORSConfiguration' },
)

/** Shows the CORS rules. */
export const getBucketCors = operation('GetBucketCors', {
  http: { method: 'GET', target: 'bucket', query: 'cors' },
  rights: [right('s3:GetBucketCORS', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({ CORSConfiguration: payload(CorsConfiguration, 'CORSConfiguration') }),
  errors: ['NoSuchCORSConfiguration'],
})

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
  errors: [],
})

/** Takes the CORS rules away. */
export const deleteBucketCors = operation('DeleteBucketCors', {
  http: { method: 'DELETE', target: 'bucket', query: 'cors', status: 204 },
  rights: [right('s3:PutBucketCORS', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({}),
  errors: [],
})
