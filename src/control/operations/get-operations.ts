import type { getOperations as getOperationsOperation } from '../../model/lightsail/get-operations.ts'
import { listOperationRecords } from '../../service/operation-records/read-operation-records.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentOperation } from '../present-operation.ts'

/** Shows a page of the account's operation records in the region, oldest first. */
export const handleGetOperations: OperationHandler<typeof getOperationsOperation> = async (
  { service, caller },
  { pageToken },
) => {
  const { records, nextPageToken } = await listOperationRecords(service, caller, pageToken)
  return { operations: records.map(presentOperation), nextPageToken }
}
