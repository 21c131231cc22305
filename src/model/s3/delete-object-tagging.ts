import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inHeader, inQuery } from './bindings.ts'
import { objectInAddress, StringValue } from './shapes/primitives.ts'

/** Takes the tags of a version away. */
export const deleteObjectTagging = operation('DeleteObjectTagging', {
  http: { method: 'DELETE', target: 'object', query: 'tagging', status: 204 },
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
  }),
  output: structure({ VersionId: inHeader('x-amz-version-id', StringValue) }),
  errors: ['NoSuchKey'],
})
