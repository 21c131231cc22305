import { operation } from '../operation.ts'
import { optional, required, structure } from '../shape.ts'
import { ERRORS_OF_GENERAL_OPERATIONS } from './errors.ts'
import { OperationList } from './shapes/operation-record.ts'
import { ResourceName, StringValue } from './shapes/primitives.ts'

/** Shows the records of one resource. */
export const getOperationsForResource = operation('GetOperationsForResource', {
  doc: 'Shows the operation records of one resource.',
  input: structure(
    {
      resourceName: required(ResourceName, { doc: 'The name of the resource.' }),
      pageToken: optional(StringValue, { doc: 'The nextPageToken of the page before.' }),
    },
    { name: 'GetOperationsForResourceRequest' },
  ),
  output: structure(
    {
      operations: OperationList,
      nextPageCount: optional(StringValue, { isDeprecated: true }),
      nextPageToken: StringValue,
    },
    { name: 'GetOperationsForResourceResult' },
  ),
  errors: ERRORS_OF_GENERAL_OPERATIONS,
})
