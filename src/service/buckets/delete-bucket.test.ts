import { DAY_MS } from '../../base/milliseconds.ts'
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { describe, it } from 'node:test'
import { bucketName, fill, setUp } from '../../../test/bucket-world.ts'
import { ManualClock } from '../../../test/manual-clock.ts'
import { encodeRecord } from '../../base/record.ts'
import { StoreUnavailable, type Change } from '../../storage/metadata-store.ts'
import { memoryContext } from '../../../test/memory-context.ts'
import { createAccount } from '../accounts/create-account.ts'
import type { Admission } from '../admission.ts'
import { isDomainError } from '../errors/domain-error.ts'
import { objectsRange, removedBucketKey, removedBucketsRange, uploadKey } from '../keyspace.ts'
import { deleteObject } from '../objects/delete-object.ts'
import type { ObjectAttributes } from '../versions/object-attributes.ts'
import { putObjectLegalHold, putObjectRetention } from '../objects/object-lock.ts'
import { openObject } from '../versions/open-object.ts'
import { putObject } from '../objects/put-object.ts'
import { removedBucketCodec } from '../records/removed-bucket.ts'
import { createBucket } from './create-bucket.ts'
import { createS3Bucket } from './create-s3-bucket.ts'
import { ANONYMOUS } from '../principal.ts'
import { deleteBucket, deleteS3Bucket } from './delete-bucket.ts'
import { getOwnBucket } from './own-bucket.ts'
import { purgeRemovedBucket, purgeRemovedBuckets } from './purge-removed-bucket.ts'

/** Removes the blobs that were let go of. */
async function reclaim({ clock, context }: Awaited<ReturnType<typeof setUp>>): Promise<void> {
  clock.advance(60_000)
  await (await context.blobLedger.open()).reclaimDue()
}

describe('deleting a bucket that holds objects', () => {
  it('is refused without force', async () => {
    const world = await setUp()
    await fill(world, 1)
    await assert.rejects(deleteBucket(world.context, world.caller, bucketName, false), {
      kind: 'BucketInUse',
      fields: { bucketName, uses: [{ by: 'content' }] },
    })
    const stored = await getOwnBucket(world.context, world.caller, bucketName)
    await assert.rejects(
      deleteS3Bucket(world.context, { principal: ANONYMOUS, credential: null, bucket: stored }),
      { kind: 'BucketNotEmpty' },
    )
  })

  it('by force leaves nothing: no record, no blob', async () => {
    const world = await setUp()
    await fill(world, 250)
    await deleteBucket(world.context, world.caller, bucketName, true)
    await reclaim(world)
    assert.deepEqual(await world.context.blobs.list({ limit: 10 }), [])
    assert.deepEqual(await world.context.metadata.scan({ ...removedBucketsRange(), limit: 1 }), [])
  })

  it('goes on in the background where it was stopped', async () => {
    const world = await setUp()
    const { context, caller, bucket } = world
    await fill(world, 1_250)
    await deleteBucket(context, caller, bucketName, true)
    await createBucket(context, caller, { bucketName, bundleId: 'small_1_0' })
    assert.equal((await context.metadata.scan({ ...removedBucketsRange(), limit: 2 })).length, 1)
    assert.equal(await purgeRemovedBucket(context, bucket.bucketId, { batchesMax: 1 }), false)
    assert.equal(await purgeRemovedBuckets(context), 1)
    await reclaim(world)
    assert.deepEqual(await context.blobs.list({ limit: 10 }), [])
  })

  it('is answered when the store fails once the bucket is gone; the background removes the rest', async () => {
    const world = await setUp()
    const { context, caller } = world
    await fill(world, 3)
    const commit = context.metadata.commit.bind(context.metadata)
    const isPurge = ({ sets = [], deletes = [] }: Change) => sets.length === 0 && deletes.length > 0
    context.metadata.commit = async (change) => {
      if (isPurge(change)) throw new StoreUnavailable('the disk is away')
      return await commit(change)
    }
    await deleteBucket(context, caller, bucketName, true)
    await assert.rejects(getOwnBucket(context, caller, bucketName), { kind: 'NoSuchBucket' })
    context.metadata.commit = commit
    assert.equal(await purgeRemovedBuckets(context), 1)
  })

  it('keeps the bytes of what is being read until it was read', async () => {
    const world = await setUp()
    const { context, caller } = world
    await fill(world, 1)
    const hold = await (await context.blobLedger.open()).hold(['blob-0'], null)
    await deleteBucket(context, caller, bucketName, true)
    await reclaim(world)
    assert.equal((await context.blobs.list({ limit: 10 })).length, 1)
    hold.release()
    await reclaim(world)
    assert.equal((await context.blobs.list({ limit: 10 })).length, 0)
  })

  it('leaves uploads beyond so many batches to the background, those without parts too', async () => {
    const { context, bucket } = await setUp()
    const { bucketId } = bucket
    const keys = Array.from({ length: 250 }, (_, index) => uploadKey(bucketId, 'up', `upload-${index}`))
    const sets = keys.map((key, index) => ({ key, value: encodeRecord(1, { uploadId: `upload-${index}` }) }))
    await context.metadata.commit({ sets })
    assert.equal(await purgeRemovedBucket(context, bucketId, { batchesMax: 2 }), false)
    const left = (await context.metadata.getMany(keys)).filter((entry) => entry !== null)
    assert.equal(left.length, 50)
    assert.equal(await purgeRemovedBucket(context, bucketId), true)
  })
})

describe('deleting a bucket by force that holds locked versions', () => {
  const LATER = DAY_MS

  async function setUpLocked() {
    const clock = new ManualClock()
    const context = memoryContext({ clock })
    const { account } = await createAccount(context, 'main')
    const caller = { accountId: account.accountId, region: 'us-east-1' }
    await createS3Bucket(context, caller, { bucketName, isObjectLockEnabled: true })
    const admission = async (): Promise<Admission> => ({
      principal: { type: 'account', accountId: caller.accountId, accessKeyId: '' },
      credential: null,
      bucket: await getOwnBucket(context, caller, bucketName),
    })
    const put = async (objectKey: string, lock: Pick<ObjectAttributes, 'retention' | 'legalHold'> = {}) => {
      const bytes = Buffer.from(objectKey)
      const body = { bytes, finish: () => ({ md5Hex: hash('md5', bytes, 'hex') }) }
      const attributes = { headers: {}, userMetadata: {}, ...lock }
      return await putObject(context, await admission(), { objectKey, body, attributes })
    }
    const force = () => deleteBucket(context, caller, bucketName, true)
    const isStill = async (objectKey: string, versionId: string | undefined) => {
      const address = { objectKey, ...(versionId !== undefined && { versionId }) }
      return (await openObject(context, await admission(), address)).record.versionId === versionId
    }
    return { clock, context, caller, admission, put, force, isStill }
  }

  const retentionOf = (mode: 'GOVERNANCE' | 'COMPLIANCE', clock: ManualClock) => ({
    retention: { mode, retainUntil: clock.now() + LATER },
  })

  for (const lock of ['COMPLIANCE', 'GOVERNANCE', 'legal hold'] as const) {
    it(`is refused for ${lock}, names the version, and leaves everything as it was`, async () => {
      const { clock, put, force, isStill } = await setUpLocked()
      const free = await put('a-free')
      const kept = await put(
        'ledger\u001b',
        lock === 'legal hold' ? { legalHold: true } : retentionOf(lock, clock),
      )
      await put('ledger\u001b')
      await assert.rejects(force(), (error) => {
        assert.ok(isDomainError(error, 'BucketHoldsLockedVersion'))
        const isHeld = lock === 'legal hold'
        assert.deepEqual(error.fields, {
          bucketName,
          objectKey: 'ledger\u001b',
          versionId: kept.record.versionId,
          mode: isHeld ? null : lock,
          retainUntil: isHeld ? null : clock.now() + LATER,
        })
        return true
      })
      assert.ok((await isStill('a-free', free.versionId)) && (await isStill('ledger\u001b', kept.versionId)))
    })
  }

  it('is done once retention has ended and the hold is off', async () => {
    const { clock, context, admission, put, force } = await setUpLocked()
    await put('retained', retentionOf('COMPLIANCE', clock))
    await put('held', { legalHold: true })
    clock.advance(LATER)
    await assert.rejects(force(), (error) => {
      assert.ok(isDomainError(error, 'BucketHoldsLockedVersion'))
      return error.fields.objectKey === 'held' && error.fields.mode === null
    })
    await putObjectLegalHold(context, await admission(), { objectKey: 'held', legalHold: false })
    await force()
    assert.deepEqual(await context.metadata.scan({ ...removedBucketsRange(), limit: 1 }), [])
  })

  it('is refused when a version is locked while the others are looked at', async () => {
    for (const lock of ['put', 'hold', 'retain', 'move up'] as const) {
      const { clock, context, admission, put, force } = await setUpLocked()
      const first = await put('key', lock === 'move up' ? { legalHold: true } : {})
      if (lock === 'move up') await put('key')
      const scan = context.metadata.scan.bind(context.metadata)
      let isDone = false
      // After the first of the two ranges was read.
      context.metadata.scan = async (range) => {
        const isVersions = range.start[0] === 0x56
        if (!isDone && isVersions) {
          isDone = true
          const at = await admission()
          if (lock === 'put') await put('other', { legalHold: true })
          if (lock === 'hold') await putObjectLegalHold(context, at, { objectKey: 'key', legalHold: true })
          const { retention } = retentionOf('GOVERNANCE', clock)
          if (lock === 'retain') await putObjectRetention(context, at, { objectKey: 'key', retention })
          if (lock === 'move up')
            await deleteObject(context, at, { objectKey: 'key', versionId: await newest() })
        }
        return await scan(range)
      }
      const newest = async () =>
        (await openObject(context, await admission(), { objectKey: 'key' })).record.versionId
      await assert.rejects(force(), { kind: 'BucketHoldsLockedVersion' }, lock)
      context.metadata.scan = scan
      const address = {
        objectKey: 'key',
        ...(first.versionId !== undefined && { versionId: first.versionId }),
      }
      assert.ok(await openObject(context, await admission(), address))
    }
  })

  it('leaves nothing of a bucket half deleted by an older release that is locked', async () => {
    const { clock, context, admission, put } = await setUpLocked()
    await put('kept', retentionOf('COMPLIANCE', clock))
    await put('free')
    const { record } = (await admission()).bucket
    const key = removedBucketKey(record.bucketId)
    const removed = { bucketId: record.bucketId, name: bucketName, accountId: record.accountId, removedAt: 0 }
    await context.metadata.commit({ sets: [{ key, value: removedBucketCodec.encode(removed) }] })
    assert.equal(await purgeRemovedBuckets(context), 0)
    const left = await context.metadata.scan({ ...objectsRange(record.bucketId), limit: 9 })
    assert.deepEqual(
      left.map((entry) => entry.key.toString().slice(-4)),
      ['kept'],
    )
    clock.advance(LATER)
    assert.equal(await purgeRemovedBuckets(context), 1)
  })
})
