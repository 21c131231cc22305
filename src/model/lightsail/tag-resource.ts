import { operation } from '../operation.ts'
import { optional, required, structure } from '../shape.ts'
import { ERRORS_OF_GENERAL_OPERATIONS } from './errors.ts'
import { OperationList } from './shapes/operation-record.ts'
import { ResourceArn, ResourceName } from './shapes/primitives.ts'
import { TagList } from './shapes/tag.ts'

/** Adds tags to a bucket, or gives them new values. */
export const tagResource = operation('TagResource', {
  doc: 'Gives a resource tags. A tag whose key is there already gets the new value.',
  input: structure(
    {
      resourceName: required(ResourceName, { doc: "The name of the resource, as a bucket's name." }),
      resourceArn: optional(ResourceArn, { doc: 'The ARN of the resource; the name suffices.' }),
      tags: required(TagList, { doc: 'The tags to give.' }),
    },
    { name: 'TagResourceRequest' },
  ),
  output: structure({ operations: OperationList }, { name: 'TagResourceResult' }),
  errors: ERRORS_OF_GENERAL_OPERATIONS,
})
