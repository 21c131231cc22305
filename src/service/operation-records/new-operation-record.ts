import { randomUUID } from 'node:crypto'
import type { Change } from '../../storage/metadata-store.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { operationIndexKey, operationRecordKey, resourceOperationKey } from '../keyspace.ts'
import { operationCodec } from '../records/operation.ts'
import type { BucketOperationType, OperationRecord } from '../records/operation.ts'

const NOTHING = Buffer.alloc(0)

/** Describes a change of a bucket that is about to be committed. */
export function newOperationRecord(
  context: ServiceContext,
  caller: Caller,
  bucketName: string,
  operationType: BucketOperationType,
  operationDetails = '',
): OperationRecord {
  return {
    id: randomUUID(),
    accountId: caller.accountId,
    region: caller.region,
    resourceName: bucketName,
    resourceType: 'Bucket',
    createdAt: context.clock.now(),
    operationType,
    operationDetails,
  }
}

/** What stores the record: part of the commit that makes the change, so that there is never one without the other. */
export function operationRecordSets(record: OperationRecord): NonNullable<Change['sets']> {
  const { id, accountId, region, resourceName, createdAt } = record
  return [
    { key: operationRecordKey(id), value: operationCodec.encode(record) },
    { key: operationIndexKey(accountId, region, createdAt, id), value: NOTHING },
    { key: resourceOperationKey(accountId, region, resourceName, createdAt, id), value: NOTHING },
  ]
}
