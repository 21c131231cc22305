import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { ERRORS_OF_GENERAL_OPERATIONS } from './errors.ts'
import { OperationList } from './shapes/operation-record.ts'
import { StringValue } from './shapes/primitives.ts'

export const getOperations = operation('GetOperations', {
  input: structure({ pageToken: StringValue }, { name: 'GetOperationsRequest' }),
  output: structure(
    { operations: OperationList, nextPageToken: StringValue },
    { name: 'GetOperationsResult' },
  ),
  errors: ERRORS_OF_GENERAL_OPERATIONS,
  pagination: { inputToken: 'pageToken', outputToken: 'nextPageToken', result: 'operations' },
})
