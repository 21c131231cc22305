import { DamagedRecord } from '../../storage/metadata-store.ts'
import { objectOwnerAccountId } from '../authorization/object-owner.ts'
import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { encodeObject } from '../records/object-codec.ts'
import type { ObjectRecord } from '../records/object.ts'
import { StaleRead, type Attempt } from '../commit/attempt.ts'
import { commitAdmittedTogether } from '../commit/commit-admitted.ts'
import { objectTurn } from '../commit/turns.ts'
import { checkBypass } from '../locks/lock-rules.ts'
import { checkDeleteConditions } from '../versions/conditions.ts'
import type { DeleteConditions } from '../versions/conditions.ts'
import { findNamedVersion } from '../versions/find-version.ts'
import { ObjectChange } from '../versions/object-change.ts'
import { lostVersion, readNewestVersions, readObjectState } from '../versions/object-state.ts'
import type { ObjectState } from '../versions/object-state.ts'
import { checkObjectKey } from '../versions/object-key.ts'
import { nullVersionKey, currentVersionKey, versionKey } from '../keyspace.ts'
import { NULL_VERSION_ID } from '../records/version-id-form.ts'
import { newVersionId, nextOrder, orderOfVersionId } from '../versions/version-id.ts'

/** What is to be deleted, and what must hold of it. */
export interface DeleteObjectInput extends DeleteConditions {
  readonly objectKey: string
  /** Absent: S3's plain delete, which removes the object or, in a bucket with versions, puts a delete marker on top. */
  readonly versionId?: string
  /** Only a version that is not the newest, in the state in which it would go; `PreconditionFailed` where it is. */
  readonly ifNoncurrent?: boolean
  /** Whether a version under GOVERNANCE retention goes, too; that the principal may do so is the caller's check. Absent: nothing is said of it. */
  readonly bypassGovernance?: boolean
}

/** What a delete did. */
export interface DeletedObject {
  /** The version removed, or the delete marker's id; absent when the bucket never had versioning. */
  readonly versionId?: string
  /** Whether a delete marker was made, or the version removed was one. */
  readonly isDeleteMarker: boolean
}

/**
 * Deletes an object or one version of it. Deleting what does not exist succeeds, unless something must hold of it (`NoSuchKey`,
 * `NoSuchVersion`). Throws `PreconditionFailed`, `VersionLocked`, `NothingToBypass`,
 * `InvalidVersionId` (not one of ours), and as commitAdmitted.
 */
export async function deleteObject(
  context: ServiceContext,
  admission: Admission,
  input: DeleteObjectInput,
): Promise<DeletedObject> {
  const { objectKey, versionId } = input
  checkBypass(admission.bucket.record, input.bypassGovernance)
  checkObjectKey(objectKey)
  const turn = objectTurn(admission.bucket.record.bucketId, objectKey)
  return await commitAdmittedTogether(context, admission, turn, (bucket, context) => {
    const permit: Permitted['permit'] = (record) => admission.permit?.(record, bucket)
    if (versionId !== undefined) return removeVersion(context, bucket, { ...input, versionId, permit })
    if (bucket.versioning === 'NeverEnabled') return removeObject(context, bucket, { ...input, permit })
    const ownerAccountId = objectOwnerAccountId(admission.principal, bucket)
    return placeDeleteMarker(context, bucket, { ...input, ownerAccountId, permit })
  })
}

/**
 * The rows without which there is nothing to delete, and nothing to be made: when none of them is there, {@link deleteNothing} tells the outcome.
 * Null: more has to be looked at. Throws as {@link checkObjectKey}.
 */
export function rowsThatCount(bucket: BucketRecord, input: DeleteObjectInput): Buffer[] | null {
  const { objectKey, versionId } = input
  checkObjectKey(objectKey)
  const { bucketId } = bucket
  const currentKey = currentVersionKey(bucketId, objectKey)
  if (versionId === undefined) return bucket.versioning === 'NeverEnabled' ? [currentKey] : null
  if (versionId === NULL_VERSION_ID) return [currentKey, nullVersionKey(bucketId, objectKey)]
  const order = orderOfVersionId(versionId)
  return order === undefined ? null : [currentKey, versionKey(bucketId, objectKey, order)]
}

/** What comes of deleting what is not there. Throws `NoSuchKey` and `NoSuchVersion` where something must hold of it, `AccessDenied`. */
export function deleteNothing(admission: Admission, input: DeleteObjectInput): DeletedObject {
  admission.permit?.(null, admission.bucket.record)
  checkDeleteConditions(input, null)
  return nothingDeleted(input)
}

const nothingDeleted = ({ versionId }: DeleteObjectInput): DeletedObject =>
  versionId === undefined ? { isDeleteMarker: false } : { versionId, isDeleteMarker: false }

/** What is deleted is decided on in the state in which it goes. */
interface Permitted {
  readonly permit: (record: ObjectRecord | null) => void
}

async function removeObject(
  context: ServiceContext,
  bucket: BucketRecord,
  input: DeleteObjectInput & Permitted,
): Promise<Attempt<DeletedObject>> {
  const result = nothingDeleted(input)
  const state = await readObjectState(context, bucket, input.objectKey)
  const { current } = state
  input.permit(current?.record ?? null)
  checkDeleteConditions(input, current?.record ?? null)
  if (!current) return { change: null, result }
  const change = new ObjectChange(bucket, context.clock.now(), input)
  change.removeCurrent(state, current)
  return { change, result }
}

async function placeDeleteMarker(
  context: ServiceContext,
  bucket: BucketRecord,
  input: DeleteObjectInput & Permitted & { readonly ownerAccountId: string },
): Promise<Attempt<DeletedObject>> {
  const state = await readObjectState(context, bucket, input.objectKey)
  const newest = (state.current ?? state.newestMarker)?.record ?? null
  input.permit(state.current?.record ?? null)
  checkDeleteConditions(input, state.current?.record ?? null)
  const nowMs = context.clock.now()
  const order = nextOrder(nowMs, newest?.order)
  const marker: ObjectRecord = {
    versionId: bucket.versioning === 'Enabled' ? newVersionId(order) : NULL_VERSION_ID,
    order,
    isDeleteMarker: true,
    lastModified: nowMs,
    ownerAccountId: input.ownerAccountId,
    sizeBytes: 0,
    etag: '',
    body: 'inline',
    headers: {},
    userMetadata: {},
  }
  const change = new ObjectChange(bucket, nowMs, input)
  change.placeOnTop(state, marker, encodeObject(marker))
  return { change, result: { versionId: marker.versionId, isDeleteMarker: true } }
}

async function removeVersion(
  context: ServiceContext,
  bucket: BucketRecord,
  input: DeleteObjectInput & Permitted & { readonly versionId: string },
): Promise<Attempt<DeletedObject>> {
  const { objectKey, versionId } = input
  let found: Awaited<ReturnType<typeof findNamedVersion>>
  try {
    found = await findNamedVersion(context, bucket, objectKey, versionId)
  } catch (error) {
    return removeLost(bucket, input, error)
  }
  const named = found?.stored.record ?? null
  input.permit(named?.isDeleteMarker === true ? null : named)
  checkDeleteConditions(input, named)
  if (!found) return { change: null, result: nothingDeleted(input) }
  const { stored: target, current } = found
  const change = new ObjectChange(bucket, context.clock.now(), input)
  const state: ObjectState = {
    objectKey,
    currentKey: currentVersionKey(bucket.bucketId, objectKey),
    current,
    newestMarker: null,
    olderNullVersion: null,
    nullPointerVersion: undefined,
  }
  const isOnTop = current === target || (!current && found.isCurrent)
  if (isOnTop && input.ifNoncurrent === true) throw new DomainError('PreconditionFailed', { condition: null })
  if (!isOnTop) {
    change.removeOlder(state, target)
  } else {
    const newest =
      bucket.versioning === 'NeverEnabled'
        ? []
        : await readNewestVersions(context, bucket.bucketId, objectKey, 2)
    if (current) {
      change.removeNewest(state, current, newest[0] ?? null)
    } else {
      const [top, next = null] = newest
      if (top?.version !== target.version || top.record.isDeleteMarker !== true) throw new StaleRead()
      change.removeNewest(state, top, next)
    }
  }
  return { change, result: { versionId, isDeleteMarker: target.record.isDeleteMarker === true } }
}

/** Removes a version whose record is damaged, wherever it lies: what it says cannot be asked. Throws `error` when that is something else. */
function removeLost(
  bucket: BucketRecord,
  { objectKey, versionId, permit }: DeleteObjectInput & Permitted & { readonly versionId: string },
  error: unknown,
): Attempt<DeletedObject> {
  if (!(error instanceof DamagedRecord) || bucket.objectLock) throw error
  const order = orderOfVersionId(versionId)
  const currentKey = currentVersionKey(bucket.bucketId, objectKey)
  const isNamed =
    order === undefined
      ? bucket.versioning === 'NeverEnabled' && error.key.equals(currentKey)
      : error.key.equals(versionKey(bucket.bucketId, objectKey, order))
  if (!isNamed) throw error
  permit(null)
  const change = new ObjectChange(bucket, 0)
  change.removeLost(lostVersion(error))
  return { change, result: { versionId, isDeleteMarker: false } }
}
