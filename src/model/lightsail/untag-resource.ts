import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { ERRORS_OF_GENERAL_OPERATIONS } from './errors.ts'
import { OperationList } from './shapes/operation-record.ts'
import { ResourceArn, ResourceName } from './shapes/primitives.ts'
import { TagKeyList } from './shapes/tag.ts'

export const untagResource = operation('UntagResource', {
  input: structure(
    { resourceName: required(ResourceName), resourceArn: ResourceArn, tagKeys: required(TagKeyList) },
    { name: 'UntagResourceRequest' },
  ),
  output: structure({ operations: OperationList }, { name: 'UntagResourceResult' }),
  errors: ERRORS_OF_GENERAL_OPERATIONS,
})
