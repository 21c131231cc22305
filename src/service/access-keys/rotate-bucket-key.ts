import { getOwnBucket } from '../buckets/own-bucket.ts'
import type { Caller } from '../caller.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import { bucketTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { newCredential } from '../credentials/new-credential.ts'
import { DomainError } from '../errors/domain-error.ts'
import { accessKeySlotKey, bucketKey, credentialKey, lastUsedKey, retirementKey } from '../keyspace.ts'
import { newOperationRecord, operationRecordSets } from '../operation-records/new-operation-record.ts'
import {
  ACCESS_KEY_SLOTS,
  credentialCodec,
  type BucketCredential,
  type Retirement,
} from '../records/credential.ts'
import type { OperationRecord } from '../records/operation.ts'
import { isRetiring, planRetirement, type RetirementRequest } from '../retirement/retirement.ts'
import { readBucketKey, readKeyOfSlot } from './bucket-key.ts'

interface RotatedBucketKey {
  readonly accessKey: BucketCredential
  /** The key before; null: it stopped at once, and is gone. */
  readonly retiring: BucketCredential | null
  /** Shown this once. */
  readonly secretAccessKey: string
  readonly operation: OperationRecord
}

/**
 * Gives a key of a bucket a successor in the bucket's other slot; the old one goes on until its retirement, which is kept with it. Throws `NoSuchBucket`,
 * `NoSuchAccessKey`, and `NoPlaceForSuccessor` when the other slot has a key that counts, or is retiring.
 */
export async function rotateBucketKey(
  context: ServiceContext,
  caller: Caller,
  { bucketName, accessKeyId }: Pick<BucketCredential, 'bucketName' | 'accessKeyId'>,
  request: RetirementRequest,
): Promise<RotatedBucketKey> {
  return await commitForCaller(context, caller, bucketTurn(bucketName), async () => {
    const { record: bucket, version } = await getOwnBucket(context, caller, bucketName)
    const { entry, record: old } = await readBucketKey(context, bucket, accessKeyId)
    if (old.retirement)
      throw new DomainError('InvalidApplicationKey', {
        problem: `The access key ${accessKeyId} was rotated already: its successor is ${old.retirement.successorId}`,
      })
    const plan = planRetirement(context, old, request)
    const { bucketId } = bucket
    const slotKeys = ACCESS_KEY_SLOTS.map((slot) => accessKeySlotKey(bucketId, slot))
    const slots = await context.metadata.getMany(slotKeys)
    const otherSlot = ACCESS_KEY_SLOTS.find((slot) => slot !== old.slot) ?? old.slot
    // A key that stops at once leaves its place to its successor.
    const slot = plan ? otherSlot : old.slot
    const taken = plan ? slots[otherSlot]?.value.toString() : undefined
    const replaced = taken === undefined ? null : await readPredecessor(context, bucketName, taken, old)
    const credential = newCredential(context, {
      type: 'bucket-key',
      accountId: caller.accountId,
      bucketName,
      bucketId,
      slot,
    })
    const { accessKeyId: newId, secretAccessKey } = credential.pair
    const made = credentialCodec.decode(credential.set.value) as BucketCredential
    // A key that is Inactive does not begin to count by being rotated.
    const accessKey: BucketCredential = { ...made, status: old.status }
    const retiring = plan ? retiringRecord(old, plan, newId) : null
    const gone = [...(retiring ? [] : [accessKeyId]), ...(replaced ? [replaced.record.accessKeyId] : [])]
    const operation = newOperationRecord(context, caller, bucketName, 'CreateBucketAccessKey', newId)
    return {
      change: {
        checks: [
          { key: bucketKey(bucketName), version },
          { key: entry.key, version: entry.version },
          ...slotKeys.map((key, at) => ({ key, version: slots[at]?.version ?? null })),
          ...(replaced ? [{ key: replaced.entry.key, version: replaced.entry.version }] : []),
          credential.check,
        ],
        sets: [
          { key: accessKeySlotKey(bucketId, slot), value: Buffer.from(newId) },
          { key: credential.set.key, value: credentialCodec.encode(accessKey) },
          ...(retiring
            ? [
                { key: entry.key, value: credentialCodec.encode(retiring) },
                { key: retirementKey(accessKeyId), value: NOTHING },
              ]
            : []),
          ...operationRecordSets(operation),
        ],
        deletes: gone.flatMap((id) => [credentialKey(id), lastUsedKey(id), retirementKey(id)]),
      },
      result: { accessKey, retiring, secretAccessKey, operation },
    }
  })
}

const NOTHING = Buffer.alloc(0)

function retiringRecord(old: BucketCredential, plan: Retirement, successorId: string): BucketCredential {
  const { until } = plan
  return {
    ...old,
    ...(until !== undefined && { validUntil: until }),
    retirement: { ...plan, successorId },
  }
}

/** The key in the other slot, which makes place when it is what this one was before and stopped; otherwise there is none. */
async function readPredecessor(
  context: ServiceContext,
  bucketName: string,
  accessKeyId: string,
  successor: BucketCredential,
) {
  const other = await readKeyOfSlot(context, successor.bucketId, accessKeyId)
  const { retirement } = other.record
  if (retirement?.successorId !== successor.accessKeyId || isRetiring(retirement, context.clock.now()))
    throw new DomainError('NoPlaceForSuccessor', { bucketName, accessKeyId })
  return other
}
