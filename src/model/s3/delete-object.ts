import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inHeader, inQuery } from './bindings.ts'
import { BooleanValue, Instant, LongValue, objectInAddress, StringValue } from './shapes/primitives.ts'

/** Deletes an object, or places a delete marker, or deletes one version. */
export const deleteObject = operation('DeleteObject', {
  http: { method: 'DELETE', target: 'object', changes: 'deletion', status: 204 },
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
