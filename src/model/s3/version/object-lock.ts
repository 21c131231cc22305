import { operation } from '../../operation.ts'
import { structure } from '../../shape.ts'
import { inHeader, inQuery, payload, requiredPayload } from '../bindings.ts'
import { bypassRight } from '../new-object-rights.ts'
import { versionErrors } from '../operation-errors.ts'
import { right } from '../right.ts'
import { bodyIntegrityHeaders } from '../shapes/checksum.ts'
import { LegalHold, Retention } from '../shapes/object-lock.ts'
import { BooleanValue, objectInAddress, StringValue } from '../shapes/primitives.ts'

/** Shows how long a version is kept. */
export const getObjectRetention = operation('GetObjectRetention', {
  http: { method: 'GET', target: 'object', query: 'retention' },
  rights: [right('s3:GetObjectRetention', 'object')],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
  }),
  output: structure({ Retention: payload(Retention, 'Retention') }),
  errors: ['NoSuchObjectLockConfiguration', ...versionErrors],
})

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
  errors: versionErrors,
})

/** Tells whether a version is held. */
export const getObjectLegalHold = operation('GetObjectLegalHold', {
  http: { method: 'GET', target: 'object', query: 'legal-hold' },
  rights: [right('s3:GetObjectLegalHold', 'object')],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
  }),
  output: structure({ LegalHold: payload(LegalHold, 'LegalHold') }),
  errors: ['NoSuchObjectLockConfiguration', ...versionErrors],
})

/** Holds a version, or lets it go. */
export const putObjectLegalHold = operation('PutObjectLegalHold', {
  http: { method: 'PUT', target: 'object', query: 'legal-hold', missingCode: 'MalformedXML' },
  rights: [right('s3:PutObjectLegalHold', 'object')],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
    ...bodyIntegrityHeaders,
    LegalHold: requiredPayload(LegalHold, 'LegalHold'),
  }),
  output: structure({}),
  errors: versionErrors,
})
