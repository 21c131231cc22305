import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inHeader, inQuery } from './bindings.ts'
import { bypassRight } from './new-object-rights.ts'
import { right, rightWhen } from './right.ts'
import { BooleanValue, Instant, LongValue, objectInAddress, StringValue } from './shapes/primitives.ts'

/** Deletes an object, or places a delete marker, or deletes one version. */
export const deleteObject = operation('DeleteObject', {
  http: { method: 'DELETE', target: 'object', changes: 'deletion', status: 204 },
  rights: [
    right('s3:DeleteObject', 'object', 's3:DeleteObjectVersion'),
    bypassRight('object'),
    rightWhen<{
      readonly IfMatch?: string | undefined
      readonly IfMatchLastModifiedTime?: number | undefined
      readonly IfMatchSize?: number | undefined
    }>(
      {
        says: 'If-Match names an ETag, or x-amz-if-match-last-modified-time or -size is given',
        holds: ({ IfMatch = '*', IfMatchLastModifiedTime, IfMatchSize }) =>
          IfMatch !== '*' || IfMatchLastModifiedTime !== undefined || IfMatchSize !== undefined,
      },
      's3:GetObject',
      { on: 'object', ofVersion: 's3:GetObjectVersion' },
    ),
  ],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
    BypassGovernanceRetention: inHeader('x-amz-bypass-governance-retention', BooleanValue),
    IfMatch: inHeader('if-match', StringValue),
    IfMatchLastModifiedTime: inHeader('x-amz-if-match-last-modified-time', Instant),
    IfMatchSize: inHeader('x-amz-if-match-size', LongValue),
  }),
  output: structure({
    DeleteMarker: inHeader('x-amz-delete-marker', BooleanValue),
    VersionId: inHeader('x-amz-version-id', StringValue),
  }),
  errors: [],
})
