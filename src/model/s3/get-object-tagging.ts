import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inHeader, inQuery, payload } from './bindings.ts'
import { right } from './right.ts'
import { objectInAddress, StringValue } from './shapes/primitives.ts'
import { Tagging } from './shapes/tag.ts'

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
  errors: ['NoSuchKey'],
})
