import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { resourceKey } from '../keyspace.ts'
import { newOperationRecord } from '../operation-records/new-operation-record.ts'
import type { OperationRecord } from '../records/operation.ts'
import { resourceCodec } from '../records/resource.ts'
import { changeBucket } from './change-bucket.ts'

interface SetResourceAccessInput {
  readonly bucketName: string
  readonly resourceName: string
  readonly access: 'allow' | 'deny'
}

/**
 * Opens a bucket to a resource of the same account and region, or closes it; doing what is so already is no error. Throws
 * `NoSuchBucket`, and `NoSuchInstance` for a resource that is to be allowed and is not known.
 */
export async function setResourceAccess(
  context: ServiceContext,
  caller: Caller,
  { bucketName, resourceName, access }: SetResourceAccessInput,
): Promise<OperationRecord> {
  const { operation } = await changeBucket(context, caller, bucketName, async (record) => {
    const key = resourceKey(caller.accountId, caller.region, resourceName)
    const [entry] = await context.metadata.getMany([key])
    const wasAllowed = record.receivers.some(({ name }) => name === resourceName)
    // A resource that is gone can still be closed out, and is not let in.
    if (!entry && (access === 'allow' || !wasAllowed)) {
      throw new DomainError('NoSuchInstance', { resourceName })
    }
    const others = record.receivers.filter(({ name }) => name !== resourceName)
    const added =
      access === 'allow' && entry
        ? [{ name: resourceName, resourceType: resourceCodec.decode(entry.value).resourceType }]
        : []
    return {
      record: { ...record, receivers: [...others, ...added] },
      operation: newOperationRecord(context, caller, bucketName, 'SetResourceAccessForBucket', resourceName),
      checks: [{ key, version: entry?.version ?? null }],
    }
  })
  return operation
}
