import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inHeader, inQuery, requiredPayload } from './bindings.ts'
import { bypassRight } from './new-object-rights.ts'
import { right } from './right.ts'
import { bodyIntegrityHeaders } from './shapes/checksum.ts'
import { Retention } from './shapes/object-lock.ts'
import { BooleanValue, objectInAddress, StringValue } from './shapes/primitives.ts'

/** Sets how long a version is kept. */
export const putObjectRetention = operation('PutObjectRetention', {
  http: { method: 'PUT', target: 'object', query: 'retention' },
  rights: [right('s3:PutObjectRetention', 'object'), bypassRight('object')],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
    ...bodyIntegrityHeaders,
    BypassGovernanceRetention: inHeader('x-amz-bypass-governance-retention', BooleanValue),
    Retention: requiredPayload(Retention, 'Retention'),
  }),
  output: structure({}),
  errors: ['NoSuchKey'],
})
