import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eachBucket } from '../../src/service/buckets/each-bucket.ts'
import { purgeRemovedBucket } from '../../src/service/buckets/purge-removed-bucket.ts'
import {
  blobReferencesRange,
  bucketKey,
  bucketNameOf,
  currentVersionKey,
  objectsRange,
  uploadKey,
  versionKey,
  writerLeasesRange,
} from '../../src/service/keyspace.ts'
import { applyLifecycle } from '../../src/service/lifecycle/apply-lifecycle.ts'
import { walkVersions } from '../../src/service/lifecycle/walk-versions.ts'
import type { LifecycleRule } from '../../src/service/records/bucket.ts'
import { BlobLedger } from '../../src/service/blobs/blob-ledger.ts'
import { completeUpload } from '../../src/service/uploads/complete-upload.ts'
import { uploadPart } from '../../src/service/uploads/upload-part.ts'
import { bodyOf } from '../../src/storage/testing/blob-fixtures.ts'
import { createUpload } from '../../src/service/uploads/create-upload.ts'
import { readBundleUsage } from '../../src/service/usage/bundle-usage.ts'
import { checkedWorld } from './checked-world.ts'
import { NO_ATTRIBUTES, wholeBody } from './object-world.ts'

const DAY_MS = 86_400_000
const EXPIRY: readonly LifecycleRule[] = [
  {
    id: 'rule',
    status: 'Enabled',
    expiration: { days: 1 },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
  },
]

async function walkedKeys(world: Awaited<ReturnType<typeof checkedWorld>>['world']): Promise<string[]> {
  const keys: string[] = []
  for await (const { objectKey } of walkVersions(world.context, world.admission, '')) keys.push(objectKey)
  return keys
}

describe('background work beside a damaged record', () => {
  it('applies lifecycle rules to all other objects and uploads', async () => {
    const { world, damage, bucketId } = await checkedWorld({ lifecycle: EXPIRY })
    const { context, admission } = world
    for (const key of ['a', 'b', 'c', 'd', 'e']) await world.put(key, key)
    const uploadIds: string[] = []
    for (const key of ['a', 'b', 'c'])
      uploadIds.push(
        (await createUpload(context, admission, { objectKey: key, attributes: NO_ATTRIBUTES })).uploadId,
      )
    for (const key of ['b', 'c', 'e']) await damage(currentVersionKey(bucketId, key))
    await damage(uploadKey(bucketId, 'b', uploadIds[1] ?? ''))
    world.clock.advance(3 * DAY_MS)
    assert.deepEqual(await applyLifecycle(context), { deletions: 2, uploadsAborted: 2 })
    const left = await context.metadata.scan({ ...objectsRange(bucketId), limit: 10, keysOnly: true })
    assert.deepEqual(
      left.map(({ key }) => key.toString().slice(-1)),
      ['b', 'c', 'e'],
    )
  })

  it('passes over all versions of an object of which one is damaged, and over no other object', async () => {
    const { world, damage, bucketId } = await checkedWorld({ versioning: 'Enabled' })
    await world.put('a', '')
    await world.put('a', '')
    const { record } = await world.put('b', 'older')
    await world.put('b', 'newer')
    await world.put('c', '')
    await damage(versionKey(bucketId, 'b', record.order))
    assert.deepEqual(await walkedKeys(world), ['a', 'a', 'c'])
    await damage(currentVersionKey(bucketId, 'a'))
    assert.deepEqual(await walkedKeys(world), ['c'])
    await damage(currentVersionKey(bucketId, 'c'))
    assert.deepEqual(await walkedKeys(world), [])
  })

  it('is done for all other buckets, and rejects in the end', async () => {
    const { world, damage } = await checkedWorld()
    const { name } = world.admission.bucket.record
    const [bucket] = await world.context.metadata.getMany([bucketKey(name)])
    assert.ok(bucket)
    for (const other of ['0-before', 'zz-behind'])
      await world.context.metadata.commit({ sets: [{ key: bucketKey(other), value: bucket.value }] })
    await damage(bucketKey(name))
    const done: string[] = []
    const working = eachBucket(world.context.metadata, async ({ key }) => void done.push(bucketNameOf(key)))
    await assert.rejects(working, new RegExp(`bucket ${name}; it was done for all others`))
    assert.deepEqual(done, ['0-before', 'zz-behind'])
    const listed = []
    for await (const usage of readBundleUsage(world.context)) listed.push(usage)
    assert.equal(listed.length, 2)
  })

  it('removes what lies in a removed bucket, damaged records too', async () => {
    const { world, damage, bucketId } = await checkedWorld()
    const { context } = world
    for (const key of ['a', 'b', 'c']) await world.put(key, key)
    await damage(currentVersionKey(bucketId, 'b'))
    await damage(currentVersionKey(bucketId, 'c'))
    assert.equal(await purgeRemovedBucket(context, bucketId), true)
    assert.deepEqual(
      await context.metadata.scan({ ...objectsRange(bucketId), limit: 10, keysOnly: true }),
      [],
    )
  })

  it('keeps a blob whose reference is damaged, and sweeps on', async () => {
    const { world, damage } = await checkedWorld()
    const { context } = world
    for (const key of ['a', 'b']) await world.put(key, 'x'.repeat(100_000))
    const references = await context.metadata.scan({ ...blobReferencesRange(), limit: 10 })
    assert.equal(references.length, 2)
    await damage(references[0]?.key ?? Buffer.alloc(1))
    const ledger = await context.blobLedger.open()
    const { blobsSeen, blobsRemoved } = await ledger.sweep()
    assert.deepEqual([blobsSeen, blobsRemoved], [2, 0])
    assert.equal((await world.get('a')).length, 100_000)
  })

  it('keeps blobs whose references are lost, of objects, versions and parts, gives them new ones, and removes what nothing names', async () => {
    const { world } = await checkedWorld({ versioning: 'Enabled' })
    const { context, admission } = world
    const { metadata, blobs } = context
    for (const key of ['a', 'a', 'b']) await world.put(key, 'x'.repeat(100_000))
    const begin = async (objectKey: string) => {
      const { uploadId } = await createUpload(context, admission, { objectKey, attributes: NO_ATTRIBUTES })
      const address = { objectKey, uploadId }
      const parts = []
      for (const partNumber of [1, 2]) {
        const body = wholeBody(`${partNumber}`.repeat(5 * 1024 * 1024))
        const { part } = await uploadPart(context, admission, { ...address, partNumber, body })
        parts.push({ partNumber, etag: part.etag })
      }
      return { ...address, parts }
    }
    const whole = await begin('parts')
    await begin('under way')
    const references = await metadata.scan({ ...blobReferencesRange(), limit: 10 })
    assert.equal(references.length, 7)
    await completeUpload(context, admission, { ...whole, combineChecksums: () => assert.fail() })
    // The page of all references is gone, as are their writers.
    await metadata.commit({ deletes: references.map(({ key }) => key) })
    const { start, end } = writerLeasesRange()
    const leases = await metadata.scan({ start, end, limit: 10 })
    await metadata.commit({ deletes: leases.map(({ key }) => key) })
    await blobs.put('0-orphan.c', bodyOf(Buffer.from('nothing names it')))
    const sweep = async () => await (await BlobLedger.open(context)).sweep()
    const { blobsSeen, blobsRemoved, referencesMended } = await sweep()
    assert.deepEqual([blobsSeen, blobsRemoved, referencesMended], [8, 1, 5])
    assert.equal((await sweep()).referencesMended, 0)
    assert.equal((await world.get('a')).length, 100_000)
    assert.equal((await blobs.list({ limit: 10 })).length, 7)
  })
})
