import type { getOperationsForResource as getOperationsForResourceOperation } from '../../model/lightsail/get-operations-for-resource.ts'
import { listOperationRecordsForResource } from '../../service/operation-records/read-operation-records.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentOperation } from '../present-operation.ts'

/** Shows a page of the operation records of one resource, oldest first; none for an unknown one. */
export const handleGetOperationsForResource: OperationHandler<
  typeof getOperationsForResourceOperation
> = async ({ service, caller }, { resourceName, pageToken }) => {
  const page = await listOperationRecordsForResource(service, caller, resourceName, pageToken)
  return { operations: page.records.map(presentOperation), nextPageToken: page.nextPageToken }
}
