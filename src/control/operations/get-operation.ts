import type { getOperation as getOperationOperation } from '../../model/lightsail/get-operation.ts'
import { getOperationRecord } from '../../service/operation-records/read-operation-records.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentOperation } from '../present-operation.ts'

/** Shows one operation record. Throws `NotFoundException`. */
export const handleGetOperation: OperationHandler<typeof getOperationOperation> = async (
  { service, caller },
  { operationId },
) => ({ operation: presentOperation(await getOperationRecord(service, caller, operationId)) })
