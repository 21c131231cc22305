import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { payload } from './bindings.ts'
import { right } from './right.ts'
import { VersioningConfiguration } from './shapes/versioning.ts'
import { bucketInAddress } from './shapes/primitives.ts'

/** Tells whether older versions are kept. */
export const getBucketVersioning = operation('GetBucketVersioning', {
  http: { method: 'GET', target: 'bucket', query: 'versioning' },
  rights: [right('s3:GetBucketVersioning', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({ VersioningConfiguration: payload(VersioningConfiguration, 'VersioningConfiguration') }),
  errors: [],
})
