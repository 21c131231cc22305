import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inHeader, inQuery, requiredPayload } from './bindings.ts'
import { right } from './right.ts'
import { bodyIntegrityHeaders } from './shapes/checksum.ts'
import { objectInAddress, StringValue } from './shapes/primitives.ts'
import { Tagging } from './shapes/tag.ts'

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
  errors: ['NoSuchKey'],
})
