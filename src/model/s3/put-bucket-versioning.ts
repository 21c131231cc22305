import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { requiredPayload } from './bindings.ts'
import { right } from './right.ts'
import { bodyIntegrityHeaders } from './shapes/checksum.ts'
import { VersioningConfiguration } from './shapes/versioning.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Turns the keeping of older versions on, or suspends it. */
export const putBucketVersioning = operation('PutBucketVersioning', {
  http: { method: 'PUT', target: 'bucket', query: 'versioning' },
  rights: [right('s3:PutBucketVersioning', 'bucket')],
  input: structure({
    ...bucketInAddress,
    ...bodyIntegrityHeaders,
    VersioningConfiguration: requiredPayload(VersioningConfiguration, 'VersioningConfiguration'),
  }),
  output: structure({}),
  errors: ['NoSuchBucket'],
})
