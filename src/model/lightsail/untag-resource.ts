import { operation } from '../operation.ts'
import { optional, required, structure } from '../shape.ts'
import { ERRORS_OF_GENERAL_OPERATIONS } from './errors.ts'
import { OperationList } from './shapes/operation-record.ts'
import { ResourceArn, ResourceName } from './shapes/primitives.ts'
import { TagKeyList } from './shapes/tag.ts'

/** Takes tags away from a bucket. */
export const untagResource = operation('UntagResource', {
  doc: 'Takes tags from a resource.',
  input: structure(
    {
      resourceName: required(ResourceName, { doc: "The name of the resource, as a bucket's name." }),
      resourceArn: optional(ResourceArn, { doc: 'The ARN of the resource; the name suffices.' }),
      tagKeys: required(TagKeyList, { doc: 'The keys of the tags to take away.' }),
    },
    { name: 'UntagResourceRequest' },
  ),
  output: structure({ operations: OperationList }, { name: 'UntagResourceResult' }),
  errors: ERRORS_OF_GENERAL_OPERATIONS,
})
