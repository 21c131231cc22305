import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inQuery, requiredPayload } from './bindings.ts'
import { right } from './right.ts'
import { bodyIntegrityHeaders } from './shapes/checksum.ts'
import { LegalHold } from './shapes/object-lock.ts'
import { objectInAddress, StringValue } from './shapes/primitives.ts'

/** Holds a version, or lets it go. */
export const putObjectLegalHold = operation('PutObjectLegalHold', {
  http: { method: 'PUT', target: 'object', query: 'legal-hold' },
  rights: [right('s3:PutObjectLegalHold', 'object')],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
    ...bodyIntegrityHeaders,
    LegalHold: requiredPayload(LegalHold, 'LegalHold'),
  }),
  output: structure({}),
  errors: ['NoSuchKey'],
})
