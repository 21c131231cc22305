import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { right } from './right.ts'
import { objectAnswerHeaders } from './shapes/object-answer.ts'
import { objectReadMembers } from './shapes/object-read.ts'

/** Gives the headers of a version without its bytes. */
export const headObject = operation('HeadObject', {
  http: { method: 'HEAD', target: 'object' },
  rights: [right('s3:GetObject', 'object', 's3:GetObjectVersion')],
  input: structure(objectReadMembers),
  output: structure(objectAnswerHeaders),
  errors: ['NoSuchKey', 'NoSuchVersion', 'InvalidRange', 'InvalidObjectState'],
})
