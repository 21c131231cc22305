import { operation } from '../operation.ts'
import { required, structure } from '../shape.ts'
import { ERRORS_OF_GENERAL_OPERATIONS } from './errors.ts'
import { Operation } from './shapes/operation-record.ts'
import { NonEmptyString } from './shapes/primitives.ts'

/** Shows one record of a change. */
export const getOperation = operation('GetOperation', {
  doc: 'Shows one operation record: what was done to which resource, and how it ended.',
  input: structure(
    {
      operationId: required(NonEmptyString, {
        doc: 'The id of the record, as the response of the change gave it.',
      }),
    },
    { name: 'GetOperationRequest' },
  ),
  output: structure({ operation: Operation }, { name: 'GetOperationResult' }),
  errors: ERRORS_OF_GENERAL_OPERATIONS,
})
