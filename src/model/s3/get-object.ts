import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { payload } from './bindings.ts'
import { right } from './right.ts'
import { objectAnswerHeaders } from './shapes/object-answer.ts'
import { objectReadMembers } from './shapes/object-read.ts'
import { Bytes } from './shapes/primitives.ts'

/** Gives the bytes of a version, or a range of them. */
export const getObject = operation('GetObject', {
  http: { method: 'GET', target: 'object' },
  rights: [right('s3:GetObject', 'object', 's3:GetObjectVersion')],
  input: structure(objectReadMembers),
  output: structure({ ...objectAnswerHeaders, Body: payload(Bytes) }),
  errors: ['NoSuchKey', 'NoSuchVersion', 'InvalidRange', 'InvalidObjectState'],
})
