import { operation } from '../operation.ts'
import { integer, structure } from '../shape.ts'
import { inHeader, inQuery, payload } from './bindings.ts'
import { ChecksumMode } from './shapes/checksum.ts'
import { customerKeyHeaders } from './shapes/encryption.ts'
import { objectAnswerHeaders } from './shapes/object-answer.ts'
import { readConditionHeaders, responseOverrides } from './shapes/object-headers.ts'
import { Bytes, objectInAddress, StringValue } from './shapes/primitives.ts'

export const getObject = operation('GetObject', {
  http: { method: 'GET', target: 'object' },
  input: structure({
    ...objectInAddress,
    ...readConditionHeaders,
    Range: inHeader('range', StringValue),
    ...responseOverrides,
    VersionId: inQuery('versionId', StringValue),
    PartNumber: inQuery('partNumber', integer({ min: 1, max: 10_000 })),
    ...customerKeyHeaders,
    ChecksumMode: inHeader('x-amz-checksum-mode', ChecksumMode),
  }),
  output: structure({ ...objectAnswerHeaders, Body: payload(Bytes) }),
  errors: ['NoSuchKey', 'NoSuchVersion', 'InvalidRange', 'InvalidObjectState'],
})
