import { DAY_MS } from '../../base/milliseconds.ts'
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { describe, it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { encodeRecord } from '../../base/record.ts'
import { StoreUnavailable, type Change } from '../../storage/metadata-store.ts'
import { memoryContext } from '../../../test/memory-context.ts'
import { createAccount } from '../accounts/create-account.ts'
import { deleteAccount } from '../accounts/delete-account.ts'
import type { Admission } from '../admission.ts'
import { isDomainError, type DomainErrorKind } from '../errors/domain-error.ts'
import {
  blobReferenceKey,
  dailyUsageKey,
  currentVersionKey,
  objectsRange,
  partKey,
  removedBucketKey,
  removedBucketsRange,
  uploadKey,
  usageKey,
} from '../keyspace.ts'
import { deleteObject } from '../objects/delete-object.ts'
import type { ObjectAttributes } from '../versions/object-attributes.ts'
import { putObjectLegalHold, putObjectRetention } from '../objects/object-lock.ts'
import { openObject } from '../versions/open-object.ts'
import { putObject } from '../objects/put-object.ts'
import { removedBucketCodec } from '../records/removed-bucket.ts'
import { addResource } from '../resources/add-resource.ts'
import { deleteResource } from '../resources/delete-resource.ts'
import { createBucket } from './create-bucket.ts'
import { createS3Bucket } from './create-s3-bucket.ts'
import { ANONYMOUS } from '../principal.ts'
import { deleteBucket, deleteS3Bucket } from './delete-bucket.ts'
import { getBucketMetrics } from './metrics.ts'
import { getOwnBucket } from './own-bucket.ts'
import { purgeRemovedBucket, purgeRemovedBuckets } from './purge-removed-bucket.ts'
import { setResourceAccess } from './set-resource-access.ts'
import { tagResource } from './tags.ts'
import { updateBucket } from './update-bucket.ts'
import { updateBucketBundle } from './update-bucket-bundle.ts'

const bucketName = 'my-bucket'

async function setUp() {
  const clock = new ManualClock()
  const context = memoryContext({ clock })
  const { account } = await createAccount(context, 'main')
  const caller = { accountId: account.accountId, region: 'us-east-1' }
  const { bucket } = await createBucket(context, caller, { bucketName, bundleId: 'small_1_0' })
  return { clock, context, caller, bucket }
}

/** Puts an object with a blob, and an upload with a part, straight into the store. */
async function fill({ context, bucket }: Awaited<ReturnType<typeof setUp>>, objects: number) {
  const { bucketId } = bucket
  for (let index = 0; index < objects; index++) {
    const id = `blob-${index}`
    await context.blobs.put(
      id,
      (async function* () {
        yield Buffer.from('x')
      })(),
    )
    const record = { body: 'blob', blob: { id, sizeBytes: 1 } }
    await context.metadata.commit({
      sets: [
        { key: currentVersionKey(bucketId, `key-${index}`), value: encodeRecord(1, record) },
        { key: blobReferenceKey(id), value: Buffer.alloc(0) },
      ],
    })
  }
  await context.blobs.put(
    'blob-part',
    (async function* () {
      yield Buffer.from('x')
    })(),
  )
  await context.metadata.commit({
    sets: [
      { key: uploadKey(bucketId, 'up', 'upload-1'), value: encodeRecord(1, { uploadId: 'upload-1' }) },
      { key: partKey('upload-1', 1), value: encodeRecord(1, { blobId: 'blob-part' }) },
      { key: blobReferenceKey('blob-part'), value: Buffer.alloc(0) },
    ],
    adds: [{ key: usageKey(bucketId, '0'), amounts: [objects, objects] }],
  })
}

describe('a bucket', () => {
  it('keeps its name for itself over accounts and over S3, until it is deleted', async () => {
    const { context, caller } = await setUp()
    const other = {
      accountId: (await createAccount(context, 'other')).account.accountId,
      region: 'us-east-1',
    }
    await assert.rejects(createBucket(context, other, { bucketName, bundleId: 'small_1_0' }), {
      kind: 'BucketNameTaken',
      fields: { bucketName },
    })
    await assert.rejects(createS3Bucket(context, other, { bucketName }), { kind: 'BucketNameTaken' })
    await assert.rejects(createS3Bucket(context, { ...caller, region: 'eu-west-1' }, { bucketName }), {
      kind: 'BucketOwnedAlready',
    })
    await deleteBucket(context, caller, bucketName, false)
    await createS3Bucket(context, other, { bucketName })
  })

  it('is one of at most as many as the account may have, whatever the race', async () => {
    const { context, caller } = await setUp()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) =>
        createBucket(context, caller, { bucketName: `raced-${index}`, bundleId: 'small_1_0' }),
      ),
    )
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 19)
  })

  it('may change its bundle at once, and again in the next calendar month', async () => {
    const { clock, context, caller } = await setUp()
    await updateBucketBundle(context, caller, bucketName, 'medium_1_0')
    await assert.rejects(updateBucketBundle(context, caller, bucketName, 'large_1_0'), {
      kind: 'BundleChangedThisMonth',
      fields: { bucketName, nextChangeAt: Date.UTC(2030, 1) },
    })
    clock.advance(31 * DAY_MS)
    await updateBucketBundle(context, caller, bucketName, 'large_1_0')
  })

  it('loses its public overrides when versioning is switched, unless the same request sets them', async () => {
    const { context, caller } = await setUp()
    const overrides = { accessRules: { allowPublicOverrides: true } }
    await updateBucket(context, caller, { bucketName, ...overrides })
    const switched = await updateBucket(context, caller, { bucketName, versioning: 'Enabled' })
    assert.equal(switched.bucket.accessRules.allowPublicOverrides, false)
    const both = await updateBucket(context, caller, { bucketName, versioning: 'Suspended', ...overrides })
    assert.equal(both.bucket.accessRules.allowPublicOverrides, true)
    const same = await updateBucket(context, caller, { bucketName, versioning: 'Suspended' })
    assert.equal(same.bucket.accessRules.allowPublicOverrides, true)
  })

  const refusedUpdates: readonly [string, object, DomainErrorKind][] = [
    ['logs without a destination', { accessLogConfig: { enabled: true } }, 'InvalidAccessLog'],
    [
      'logs to a bucket that is not there',
      { accessLogConfig: { enabled: true, destination: 'missing' } },
      'InvalidAccessLog',
    ],
    [
      'a destination for logs that are off',
      { accessLogConfig: { enabled: false, destination: bucketName } },
      'InvalidAccessLog',
    ],
    ['versioning that is neither', { versioning: 'NeverEnabled' }, 'InvalidVersioning'],
    ['an account id that is none', { readonlyAccessAccounts: ['123'] }, 'InvalidReadonlyAccount'],
    [
      'an exposed header that is no name',
      { cors: { rules: [{ allowedMethods: ['GET'], allowedOrigins: ['*'], exposeHeaders: ['a\nb'] }] } },
      'InvalidCorsRules',
    ],
    [
      'a CORS rule without methods',
      { cors: { rules: [{ allowedMethods: [], allowedOrigins: ['*'] }] } },
      'InvalidCorsRules',
    ],
    [
      'two wildcards in an origin',
      { cors: { rules: [{ allowedMethods: ['GET'], allowedOrigins: ['*.*'] }] } },
      'InvalidCorsRules',
    ],
  ]
  for (const [what, update, kind] of refusedUpdates) {
    it(`refuses ${what}`, async () => {
      const { context, caller } = await setUp()
      await assert.rejects(updateBucket(context, caller, { bucketName, ...update }), { kind })
    })
  }

  it('takes 50 tags and no more, none of them reserved', async () => {
    const { context, caller } = await setUp()
    const resource = { resourceName: bucketName }
    const tags = Array.from({ length: 50 }, (_, index) => ({ key: `key-${index}`, value: 'v' }))
    await tagResource(context, caller, resource, tags)
    await assert.rejects(tagResource(context, caller, resource, [{ key: 'one more' }]), {
      kind: 'TooManyTags',
    })
    await assert.rejects(tagResource(context, caller, resource, [{ key: 'aws:x' }]), {
      kind: 'InvalidTag',
      fields: { problem: 'reserved', tagKey: 'aws:x' },
    })
  })

  it('is closed to a resource that is deleted, also for a new one of the name', async () => {
    const { context, caller } = await setUp()
    await addResource(context, caller, 'web')
    await setResourceAccess(context, caller, { bucketName, resourceName: 'web', access: 'allow' })
    await deleteResource(context, caller, 'web')
    await addResource(context, caller, 'web')
    assert.deepEqual((await getOwnBucket(context, caller, bucketName)).record.receivers, [])
  })

  it('keeps its account from being deleted', async () => {
    const { context, caller } = await setUp()
    await assert.rejects(deleteAccount(context, 'main'), { kind: 'AccountOwnsBuckets' })
    await deleteBucket(context, caller, bucketName, false)
    await deleteAccount(context, 'main')
    await assert.rejects(deleteAccount(context, 'main'), { kind: 'NoSuchAccount' })
  })
})

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
      return commit(change)
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
      return putObject(context, await admission(), { objectKey, body, attributes })
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
        return scan(range)
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

describe('bucket metrics', () => {
  it('give one point a day: past days as counted, today as it stands, empty days none', async () => {
    const world = await setUp()
    const { clock, context, caller, bucket } = world
    await fill(world, 3)
    const today = Math.floor(clock.now() / DAY_MS)
    await context.metadata.commit({
      adds: [
        { key: dailyUsageKey(bucket.bucketId, today - 2, 'point'), amounts: [15, 2] },
        { key: dailyUsageKey(bucket.bucketId, today - 2, 't0'), amounts: [1_000, 1_000] },
        { key: dailyUsageKey(bucket.bucketId, today - 1, 'point'), amounts: [0, 0] },
      ],
    })
    const input = {
      bucketName,
      metricName: 'BucketSizeBytes' as const,
      startTime: (today - 7) * DAY_MS,
      endTime: (today + 1) * DAY_MS,
      period: 86_400,
      statistics: ['Average', 'SampleCount'] as const,
      unit: 'Bytes',
    }
    assert.deepEqual(await getBucketMetrics(context, caller, input), [
      { timestamp: (today - 2) * DAY_MS, unit: 'Bytes', average: 15, sampleCount: 1 },
      { timestamp: today * DAY_MS, unit: 'Bytes', average: 3, sampleCount: 1 },
    ])
    assert.deepEqual(await getBucketMetrics(context, caller, { ...input, unit: 'Count' }), [])
    await assert.rejects(getBucketMetrics(context, caller, { ...input, endTime: input.startTime }), {
      kind: 'InvalidMetricRange',
      fields: { problem: 'ends-before-it-begins' },
    })
  })
})
