import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { ERRORS_OF_GENERAL_OPERATIONS } from './errors.ts'
import { OperationList } from './shapes/operation-record.ts'
import { ResourceArn, ResourceName } from './shapes/primitives.ts'
import { TagList } from './shapes/tag.ts'

export const tagResource = operation('TagResource', {
  input: structure(
    { resourceName: required(ResourceName), resourceArn: ResourceArn, tags: required(TagList) },
    { name: 'TagResourceRequest' },
  ),
  output: structure({ operations: OperationList }, { name: 'TagResourceResult' }),
  errors: ERRORS_OF_GENERAL_OPERATIONS,
})
