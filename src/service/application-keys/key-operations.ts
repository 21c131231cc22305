import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { newOperationRecord } from '../operation-records/new-operation-record.ts'
import type { ApplicationCredential } from '../records/credential.ts'
import type { BucketOperationType, OperationRecord } from '../records/operation.ts'

/**
 * The operation records of a change of an application key: one for each bucket that it is for, so that each bucket's show it; one under the key's own name
 * where it is for all of the account. Their types are Amazon's, which every client knows.
 */
export function keyOperations(
  context: ServiceContext,
  caller: Caller,
  { name, accessKeyId, buckets }: ApplicationCredential,
  type: BucketOperationType,
): readonly OperationRecord[] {
  const resourceNames = buckets?.map((bucket) => bucket.name) ?? [name]
  return resourceNames.map((resource) =>
    newOperationRecord(context, caller, resource, type, `${accessKeyId}: ${name}`),
  )
}
