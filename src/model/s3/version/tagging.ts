import { operation } from '../../operation.ts'
import { structure } from '../../shape.ts'
import { inHeader, inQuery, payload, requiredPayload } from '../bindings.ts'
import { tagErrors, versionErrors } from '../operation-errors.ts'
import { right } from '../right.ts'
import { bodyIntegrityHeaders } from '../shapes/checksum.ts'
import { objectInAddress, StringValue } from '../shapes/primitives.ts'
import { Tagging } from '../shapes/tag.ts'

/** Shows the tags of a version. */
export const getObjectTagging = operation('GetObjectTagging', {
  http: { method: 'GET', target: 'object', query: 'tagging' },
  rights: [right('s3:GetObjectTagging', 'object', 's3:GetObjectVersionTagging')],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
  }),
  output: structure({
    VersionId: inHeader('x-amz-version-id', StringValue),
    Tagging: payload(Tagging, 'Tagging'),
  }),
  errors: versionErrors,
})

/** Sets the tags of a version. */
export const putObjectTagging = operation('PutObjectTagging', {
  http: { method: 'PUT', target: 'object', query: 'tagging' },
  rights: [right('s3:PutObjectTagging', 'object', 's3:PutObjectVersionTagging')],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
    ...bodyIntegrityHeaders,
    Tagging: requiredPayload(Tagging, 'Tagging'),
  }),
  output: structure({ VersionId: inHeader('x-amz-version-id', StringValue) }),
  errors: [...tagErrors, ...versionErrors],
})

/** Takes the tags of a version away. */
export const deleteObjectTagging = operation('DeleteObjectTagging', {
  http: { method: 'DELETE', target: 'object', query: 'tagging', status: 204 },
  rights: [right('s3:DeleteObjectTagging', 'object', 's3:DeleteObjectVersionTagging')],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
  }),
  output: structure({ VersionId: inHeader('x-amz-version-id', StringValue) }),
  errors: versionErrors,
})
