import { verifyStore } from '../../src/server/store/verify-store.ts'
import { sweepStore } from '../../src/server/store/sweep-store.ts'
import { lookUpAccess } from '../../src/service/credentials/look-up-access.ts'
import { deleteObject } from '../../src/service/objects/delete-object.ts'
import { listObjects } from '../../src/service/objects/list-objects.ts'
import { listObjectVersions } from '../../src/service/objects/list-object-versions.ts'
import { abortUpload } from '../../src/service/uploads/abort-upload.ts'
import { listUploads } from '../../src/service/uploads/list-uploads.ts'
import type { StoredBucket } from '../../src/service/admission.ts'
import { isDamage } from './answers.ts'
import { openObject } from '../../src/service/versions/open-object.ts'
import { MARKER } from './object-model.ts'
import { nameOf, type Shared, type SimulatedBucket } from './store-client.ts'
import type { Gateway } from './world.ts'

/** Reads all that is there at the end, with everything well again, into the histories; then looks whether the store is whole. Gives what is wrong. */
export async function checkStore(
  gateway: Gateway,
  shared: Shared,
  keys: readonly string[],
): Promise<string[]> {
  const { context } = gateway
  const problems: string[] = []
  for (const bucket of shared.buckets) {
    const { bucket: stored } = await lookUpAccess(context, shared.rootKeyId, bucket.name)
    if (!stored) return [`the bucket ${bucket.name} is gone`]
    await noteListings(gateway, shared, { bucket, stored, keys })
    if (shared.planted.has('rot')) await removeDamaged(gateway, shared, { bucket, stored })
    await abortUploads(gateway, shared, stored)
  }
  const swept = await sweepStore(context, { serversAreStopped: true })
  if (swept.blobsInUse > 0) problems.push(`${swept.blobsInUse} blobs are taken for ones that are read`)
  const report = await verifyStore(context, { readsBodies: true, hasBeenSwept: true })
  problems.push(...report.problems)
  const { ifOpen } = context.blobLedger
  for (const [path] of shared.world.disk.files())
    if (path.includes('/incoming/') && !path.includes(`-${gateway.process.pid}-`))
      problems.push(`${path} was left behind`)
  if ((await ifOpen)?.isUndecided === true) problems.push('a question about blobs stays open')
  return problems
}

async function noteListings(
  { context }: Gateway,
  { histories }: Shared,
  {
    bucket,
    stored,
    keys,
  }: { readonly bucket: SimulatedBucket; readonly stored: StoredBucket; readonly keys: readonly string[] },
): Promise<void> {
  const calledAt = histories.moment()
  const { objects } = await listObjects(context, { bucket: stored }, { maxKeys: 1_000 })
  for (const key of keys) {
    const listed = objects.find((object) => object.objectKey === key)
    const id = listed ? (listed.record.userMetadata['id'] ?? '') : null
    histories.addObject(nameOf(bucket, key), calledAt, { type: 'sees', id })
  }
  const { versions } = await listObjectVersions(context, { bucket: stored }, { maxKeys: 1_000 })
  for (const key of keys) {
    const ids = versions
      .filter((version) => version.objectKey === key)
      .map(({ record }) => (record.isDeleteMarker ? MARKER : (record.userMetadata['id'] ?? '')))
    histories.addObject(nameOf(bucket, key), calledAt, { type: 'sees-versions', ids: ids.reverse() })
  }
}

/** An object that rotted can be deleted; everything else must be whole then. */
async function removeDamaged(
  { context }: Gateway,
  { bodies, histories, rootKeyId }: Shared,
  { bucket, stored }: { readonly bucket: SimulatedBucket; readonly stored: StoredBucket },
): Promise<void> {
  const { credential } = await lookUpAccess(context, rootKeyId, null)
  const { versions } = await listObjectVersions(context, { bucket: stored }, { maxKeys: 1_000 })
  for (const { objectKey, record } of versions) {
    if (record.isDeleteMarker) continue
    const { versionId } = record
    try {
      const open = await openObject(context, { bucket: stored }, { objectKey, versionId })
      await bodies.read(await open.read())
    } catch (error) {
      if (!isDamage(error))
        histories.problems.push(`${nameOf(bucket, objectKey)} cannot be read: ${String(error)}`)
      else if (credential)
        await deleteObject(
          context,
          { principal: credential.principal, credential: null, bucket: stored },
          { objectKey, versionId },
        )
    }
  }
}

async function abortUploads(
  { context }: Gateway,
  { rootKeyId }: Shared,
  stored: StoredBucket,
): Promise<void> {
  const { credential } = await lookUpAccess(context, rootKeyId, null)
  if (!credential) return
  const admission = { principal: credential.principal, credential: null, bucket: stored }
  const { uploads } = await listUploads(context, admission, { maxUploads: 1_000 })
  for (const { key: objectKey, uploadId } of uploads)
    await abortUpload(context, admission, { objectKey, uploadId })
}
