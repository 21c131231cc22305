import { ACCESS_KEY_SLOTS } from '../records/credential.ts'
import type { Caller } from '../caller.ts'
import { getOwnBucket } from '../buckets/own-bucket.ts'
import { bucketTurn } from '../commit/turns.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import type { ServiceContext } from '../context.ts'
import { newCredential } from '../credentials/new-credential.ts'
import { DomainError } from '../errors/domain-error.ts'
import { accessKeySlotKey, bucketKey } from '../keyspace.ts'
import { newOperationRecord, operationRecordSets } from '../operation-records/new-operation-record.ts'
import type { OperationRecord } from '../records/operation.ts'
import type { AccessKey } from './access-key.ts'

interface NewAccessKey {
  readonly accessKey: AccessKey
  /** Shown this once; it is stored only sealed. */
  readonly secretAccessKey: string
  readonly operation: OperationRecord
}

/**
 * Makes an access key for a bucket. A bucket has two slots for keys, and the commit checks that the slot is still free: whatever the race, there
 * are never more than two. Throws `NoSuchBucket`, and `TooManyAccessKeys` when both slots are taken.
 */
export async function createAccessKey(
  context: ServiceContext,
  caller: Caller,
  bucketName: string,
): Promise<NewAccessKey> {
  return await commitForCaller(context, caller, bucketTurn(bucketName), async () => {
    const { record, version } = await getOwnBucket(context, caller, bucketName)
    const slotKeys = ACCESS_KEY_SLOTS.map((slot) => accessKeySlotKey(record.bucketId, slot))
    const taken = await context.metadata.getMany(slotKeys)
    const slot = ACCESS_KEY_SLOTS.find((index) => taken[index] === null)
    if (slot === undefined) {
      throw new DomainError('TooManyAccessKeys', { bucketName })
    }
    const { accountId } = caller
    const credential = newCredential(context, {
      type: 'bucket-key',
      accountId,
      bucketName,
      bucketId: record.bucketId,
      slot,
    })
    const { accessKeyId, secretAccessKey } = credential.pair
    const slotKey = accessKeySlotKey(record.bucketId, slot)
    const operation = newOperationRecord(context, caller, bucketName, 'CreateBucketAccessKey', accessKeyId)
    return {
      change: {
        checks: [{ key: bucketKey(bucketName), version }, { key: slotKey, version: null }, credential.check],
        sets: [
          { key: slotKey, value: Buffer.from(accessKeyId) },
          credential.set,
          ...operationRecordSets(operation),
        ],
      },
      result: {
        accessKey: { accessKeyId, status: 'Active', createdAt: credential.createdAt, lastUsed: null },
        secretAccessKey,
        operation,
      },
    }
  })
}
