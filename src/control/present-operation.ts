import type { ValueOf } from '../model/shape.ts'
import type { Operation } from '../model/lightsail/shapes/operation-record.ts'
import type { OperationRecord } from '../service/records/operation.ts'
import { toRegion } from './region.ts'

/** An operation record as the API shows it: done and successful from the start. */
export function presentOperation(record: OperationRecord): ValueOf<typeof Operation> {
  const { id, resourceName, resourceType, createdAt, region, operationDetails, operationType } = record
  return {
    id,
    resourceName,
    resourceType,
    createdAt,
    location: { availabilityZone: 'all', regionName: toRegion(region) },
    isTerminal: true,
    operationDetails,
    operationType,
    status: 'Succeeded',
    statusChangedAt: createdAt,
    errorCode: '',
    errorDetails: '',
  }
}
