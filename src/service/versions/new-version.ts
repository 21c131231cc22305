import { enforcesOwner } from '../authorization/acls-in-force.ts'
import { objectOwnerAccountId } from '../authorization/object-owner.ts'
import { refuseNewObjectAcl } from '../authorization/refused-acls.ts'
import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import type { BlobId } from '../../storage/blob-store.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { encodeObject } from '../records/object-codec.ts'
import type { ObjectRecord } from '../records/object.ts'
import { checkRetentionOfKey } from '../locks/bucket-key-locks.ts'
import { commitAdmittedTogether } from '../commit/commit-admitted.ts'
import { objectTurn } from '../commit/turns.ts'
import { checkWriteConditions } from './conditions.ts'
import type { WriteConditions } from './conditions.ts'
import { lockOfNewObject } from '../locks/lock-rules.ts'
import type { ObjectAttributes } from './object-attributes.ts'
import { ObjectChange } from './object-change.ts'
import { readObjectState } from './object-state.ts'
import type { ObjectState } from './object-state.ts'
import { NULL_VERSION_ID } from '../records/version-id-form.ts'
import { newVersionId, nextOrder } from './version-id.ts'
import type { WrittenVersion } from './written-version.ts'

/** The bytes of a new version, as they are kept. */
export interface VersionContent extends Pick<
  ObjectRecord,
  'sizeBytes' | 'etag' | 'body' | 'blob' | 'partCount' | 'uploadId' | 'checksum' | 'encryption'
> {
  readonly tail?: Uint8Array
}

interface NewVersion {
  readonly objectKey: string
  readonly conditions: WriteConditions
  readonly attributes: Omit<ObjectAttributes, 'encryption'>
  /** Absent: as the bucket's ownership rules have it. */
  readonly ownerAccountId?: string
  readonly content: VersionContent
  /** Blobs that were written for it and belong to nothing yet. */
  readonly newBlobs: readonly BlobId[]
}

/**
 * Makes a version current, on top of what is there. What it is given is decided on with the bucket of the commit. Throws as commitAdmitted, checkWriteConditions,
 * refuseNewObjectAcl and checkRetentionOfKey.
 */
export async function commitNewVersion(
  context: ServiceContext,
  admission: Admission,
  version: NewVersion,
): Promise<WrittenVersion> {
  const { objectKey, attributes } = version
  const turn = objectTurn(admission.bucket.record.bucketId, objectKey)
  return await commitAdmittedTogether(context, admission, turn, async (bucket, context) => {
    refuseNewObjectAcl(bucket, attributes.acl)
    checkRetentionOfKey(admission.principal, bucket, attributes.retention, context.clock.now())
    const state = await readObjectState(context, bucket, objectKey)
    const change = new ObjectChange(bucket, context.clock.now())
    return { change, result: placeNewVersion(context, admission, { bucket, state, change, version }) }
  })
}

/** Adds a new version to a change, on the state that was read. Throws as checkWriteConditions. */
export function placeNewVersion(
  context: ServiceContext,
  admission: Admission,
  on: {
    readonly bucket: BucketRecord
    readonly state: ObjectState
    readonly change: ObjectChange
    readonly version: NewVersion
  },
): WrittenVersion {
  const { bucket, state, change, version } = on
  const { attributes, content } = version
  admission.permit?.(state.current?.record ?? null, bucket)
  checkWriteConditions({ ...version.conditions, objectKey: version.objectKey }, state.current?.record ?? null)
  const nowMs = context.clock.now()
  const order = nextOrder(nowMs, (state.current ?? state.newestMarker)?.record.order)
  const isVersioned = bucket.versioning === 'Enabled'
  const { tail, ...kept } = content
  // Where ownership became enforced meanwhile, the writer owns nothing and no ACL counts.
  const isEnforced = enforcesOwner(bucket)
  const acl = isEnforced ? undefined : attributes.acl
  const record: ObjectRecord = {
    versionId: isVersioned ? newVersionId(order) : NULL_VERSION_ID,
    order,
    lastModified: nowMs,
    ownerAccountId: isEnforced
      ? bucket.accountId
      : (version.ownerAccountId ?? acl?.ownerAccountId ?? objectOwnerAccountId(admission.principal, bucket)),
    ...kept,
    headers: attributes.headers,
    userMetadata: attributes.userMetadata,
    ...(attributes.tags && attributes.tags.length > 0 && { tags: attributes.tags }),
    ...(acl && { acl }),
    ...(attributes.storageClass !== undefined && { storageClass: attributes.storageClass }),
    ...(attributes.websiteRedirectLocation !== undefined && {
      websiteRedirectLocation: attributes.websiteRedirectLocation,
    }),
    ...lockOfNewObject(bucket, attributes, nowMs),
    ...(attributes.isHeldByKey && { isHeldByKey: attributes.isHeldByKey }),
  }
  change.claimedBlobs.push(...version.newBlobs)
  change.placeOnTop(state, record, encodeObject(record, tail))
  return { record, ...(isVersioned && { versionId: record.versionId }) }
}
