import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { ERRORS_OF_GENERAL_OPERATIONS } from './errors.ts'
import { Operation } from './shapes/operation-record.ts'
import { NonEmptyString } from './shapes/primitives.ts'

export const getOperation = operation('GetOperation', {
  input: structure({ operationId: required(NonEmptyString) }, { name: 'GetOperationRequest' }),
  output: structure({ operation: Operation }, { name: 'GetOperationResult' }),
  errors: ERRORS_OF_GENERAL_OPERATIONS,
})
