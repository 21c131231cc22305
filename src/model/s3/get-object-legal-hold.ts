import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inQuery, payload } from './bindings.ts'
import { right } from './right.ts'
import { LegalHold } from './shapes/object-lock.ts'
import { objectInAddress, StringValue } from './shapes/primitives.ts'

/** Tells whether a version is held. */
export const getObjectLegalHold = operation('GetObjectLegalHold', {
  http: { method: 'GET', target: 'object', query: 'legal-hold' },
  rights: [right('s3:GetObjectLegalHold', 'object')],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
  }),
  output: structure({ LegalHold: payload(LegalHold, 'LegalHold') }),
  errors: ['NoSuchObjectLockConfiguration'],
})
