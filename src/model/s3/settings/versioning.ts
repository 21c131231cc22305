import { operation } from '../../operation.ts'
import { enumeration, structure } from '../../shape.ts'
import { payload, requiredPayload } from '../bindings.ts'
import { right } from '../right.ts'
import { bodyIntegrityHeaders } from '../shapes/checksum.ts'
import { bucketInAddress } from '../shapes/primitives.ts'

/** Whether a bucket keeps older versions; absent when it never did. */
const VersioningConfiguration = structure(
  { Status: enumeration(['Enabled', 'Suspended']), MfaDelete: enumeration(['Enabled', 'Disabled']) },
  { name: 'VersioningConfiguration' },
)

/** Tells whether older versions are kept. */
export const getBucketVersioning = operation('GetBucketVersioning', {
  http: { method: 'GET', target: 'bucket', query: 'versioning' },
  rights: [right('s3:GetBucketVersioning', 'bucket')],
  input: structure(bucketInAddress),
  output: structure({ VersioningConfiguration: payload(VersioningConfiguration, 'VersioningConfiguration') }),
  errors: [],
})

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
  errors: ['IllegalVersioningConfigurationException', 'InvalidBucketState'],
})
