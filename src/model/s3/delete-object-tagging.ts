import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inHeader, inQuery } from './bindings.ts'
import { right } from './right.ts'
import { objectInAddress, StringValue } from './shapes/primitives.ts'

/** Takes the tags of a version away. */
export const deleteObjectTagging = operation('DeleteObjectTagging', {
  http: { method: 'DELETE', target: 'object', query: 'tagging', status: 204 },
  rights: [right('s3:DeleteObjectTagging', 'object', 's3:DeleteObjectVersionTagging')],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
  }),
  output: structure({ VersionId: inHeader('x-amz-version-id', StringValue) }),
  errors: ['NoSuchKey'],
})
