import { operation } from '../operation.ts'
import { optional, structure } from '../shape.ts'
import { ERRORS_OF_GENERAL_OPERATIONS } from './errors.ts'
import { OperationList } from './shapes/operation-record.ts'
import { StringValue } from './shapes/primitives.ts'

/** Shows the records of the region, the oldest first. */
export const getOperations = operation('GetOperations', {
  doc: 'Shows the operation records of the region that is called, oldest first.',
  input: structure(
    { pageToken: optional(StringValue, { doc: 'The nextPageToken of the page before.' }) },
    { name: 'GetOperationsRequest' },
  ),
  output: structure(
    { operations: OperationList, nextPageToken: StringValue },
    { name: 'GetOperationsResult' },
  ),
  errors: ERRORS_OF_GENERAL_OPERATIONS,
  pagination: { inputToken: 'pageToken', outputToken: 'nextPageToken', result: 'operations' },
})
