import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  type LifecycleRule,
} from '@aws-sdk/client-s3'
import { createServiceContext } from '../../src/service/create-context.ts'
import { applyLifecycle } from '../../src/service/lifecycle/apply-lifecycle.ts'
import { bucketKey, objectsRange } from '../../src/service/keyspace.ts'
import { bucketCodec } from '../../src/service/records/bucket.ts'
import { DAY_MS, startFeatureServer, type FeatureAccount, type FeatureServer } from './feature-server.ts'

describe('lifecycle rules', () => {
  let server: FeatureServer
  let owner: FeatureAccount
  let buckets = 0

  before(async () => {
    server = await startFeatureServer()
    owner = await server.createAccount('owner')
  })
  after(() => server.stop())

  async function createBucket({
    isVersioned = false,
    ObjectLockEnabledForBucket = false,
  } = {}): Promise<string> {
    const Bucket = `bucket-${buckets++}`
    await owner.s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket }))
    if (isVersioned) {
      const VersioningConfiguration = { Status: 'Enabled' } as const
      await owner.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
    }
    return Bucket
  }
  const rule = (more: Partial<LifecycleRule>): LifecycleRule => ({
    ID: 'rule',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    ...more,
  })
  const setRules = (Bucket: string, ...Rules: LifecycleRule[]) =>
    owner.s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }))
  const put = (Bucket: string, Key: string, more = {}) =>
    owner.s3.send(new PutObjectCommand({ Bucket, Key, Body: '12345', ...more }))
  /** Keys of versions, and of delete markers with a `-` before them. */
  async function versionsOf(Bucket: string): Promise<string[]> {
    const { Versions = [], DeleteMarkers = [] } = await owner.s3.send(
      new ListObjectVersionsCommand({ Bucket }),
    )
    return [...Versions.map(({ Key }) => String(Key)), ...DeleteMarkers.map(({ Key }) => `-${Key}`)]
  }

  it('come back as they were given', async () => {
    const Bucket = await createBucket()
    const rules = [
      rule({ ID: 'a', Filter: { Prefix: 'logs/' }, Expiration: { Days: 3 } }),
      rule({ ID: 'b', Filter: { Tag: { Key: 'k', Value: 'v' } }, Expiration: { Date: new Date(0) } }),
      rule({
        ID: 'c',
        Filter: { And: { Prefix: 'x', Tags: [{ Key: 'k', Value: 'v' }], ObjectSizeGreaterThan: 9 } },
        Status: 'Disabled',
        NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 },
      }),
    ] satisfies LifecycleRule[]
    const older = [
      {
        ID: 'd',
        // oxlint-disable-next-line typescript/no-deprecated -- older clients still write the prefix here
        Prefix: 'old',
        Status: 'Enabled',
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ] satisfies LifecycleRule[]
    for (const given of [rules, older]) {
      await setRules(Bucket, ...given)
      const { Rules } = await owner.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))
      assert.deepEqual(Rules, given)
    }
    await owner.s3.send(new DeleteBucketLifecycleCommand({ Bucket }))
    await assert.rejects(owner.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })), {
      name: 'NoSuchLifecycleConfiguration',
    })
  })

  const refused: readonly [string, Partial<LifecycleRule>, string][] = [
    ['no action', {}, 'InvalidRequest'],
    ['zero days', { Expiration: { Days: 0 } }, 'InvalidArgument'],
    ['a date within a day', { Expiration: { Date: new Date(1000) } }, 'InvalidArgument'],
    ['days and a date', { Expiration: { Days: 1, Date: new Date(0) } }, 'MalformedXML'],
    ['a transition', { Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] }, 'NotImplemented'],
    ['a transition within a day', { Transitions: [{ Date: new Date(1000) }] }, 'InvalidArgument'],
    ['an id that is too long', { ID: 'i'.repeat(256), Expiration: { Days: 1 } }, 'InvalidArgument'],
  ]
  for (const [what, more, name] of refused) {
    it(`with ${what} are refused with ${name}`, async () => {
      await assert.rejects(setRules(await createBucket(), rule(more)), { name })
    })
  }

  it('tell in each response about an object when it expires', async () => {
    const Bucket = await createBucket({ isVersioned: true })
    const days = { Filter: { Prefix: 'tmp/' }, Expiration: { Days: 2 } }
    await setRules(
      Bucket,
      rule({ ID: 'two days', ...days }),
      rule({ ID: 'off', ...days, Status: 'Disabled', Expiration: { Days: 1 } }),
      rule({ ID: 'later', ...days, Expiration: { Date: new Date(Date.UTC(2040, 0)) } }),
    )
    const day = new Date(Math.ceil(server.clock.now() / DAY_MS) * DAY_MS + 2 * DAY_MS).toUTCString()
    const expected = `expiry-date="${day}", rule-id="two%20days"`
    const object = { Bucket, Key: 'tmp/a' }
    const first = await put(Bucket, 'tmp/a')
    assert.equal(first.Expiration, expected)
    assert.equal((await put(Bucket, 'kept')).Expiration, undefined)
    assert.equal((await owner.s3.send(new HeadObjectCommand(object))).Expiration, expected)
    assert.equal((await owner.s3.send(new GetObjectCommand(object))).Expiration, expected)
    const copied = await owner.s3.send(new CopyObjectCommand({ ...object, CopySource: `${Bucket}/kept` }))
    assert.equal(copied.Expiration, expected)
    const older = await owner.s3.send(new HeadObjectCommand({ ...object, VersionId: first.VersionId }))
    assert.equal(older.Expiration, undefined, 'an older version does not expire by this rule')
  })

  it('expire the objects that the filter selects, at the midnight after their days', async () => {
    const Bucket = await createBucket()
    await setRules(
      Bucket,
      rule({
        Filter: { And: { Prefix: 'tmp/', Tags: [{ Key: 'k', Value: 'v' }], ObjectSizeLessThan: 6 } },
        Expiration: { Days: 2 },
      }),
    )
    await put(Bucket, 'tmp/yes', { Tagging: 'k=v' })
    await put(Bucket, 'tmp/untagged')
    await put(Bucket, 'tmp/large', { Tagging: 'k=v', Body: '123456' })
    await put(Bucket, 'kept', { Tagging: 'k=v' })
    await server.pass(2 * DAY_MS + 11 * 3_600_000) // the rest of the day still counts
    assert.equal((await versionsOf(Bucket)).length, 4)
    await server.pass(3_600_000)
    assert.deepEqual(await versionsOf(Bucket), ['kept', 'tmp/large', 'tmp/untagged'])
  })

  it('hide an expired object of a versioned bucket, and later remove the marker that hides nothing', async () => {
    const Bucket = await createBucket({ isVersioned: true })
    await put(Bucket, 'a')
    await setRules(
      Bucket,
      rule({ ID: 'current', Expiration: { Days: 1 } }),
      rule({ ID: 'older', NoncurrentVersionExpiration: { NoncurrentDays: 3 } }),
    )
    await server.pass(2 * DAY_MS)
    assert.deepEqual(await versionsOf(Bucket), ['a', '-a'])
    await server.pass(4 * DAY_MS)
    assert.deepEqual(await versionsOf(Bucket), ['-a'])
    await server.pass(DAY_MS)
    assert.deepEqual(await versionsOf(Bucket), [])
  })

  it('remove an expired delete marker at once when a rule says so, and no other marker', async () => {
    const Bucket = await createBucket({ isVersioned: true })
    await owner.s3.send(new DeleteObjectCommand({ Bucket, Key: 'alone' }))
    await put(Bucket, 'hidden')
    await owner.s3.send(new DeleteObjectCommand({ Bucket, Key: 'hidden' }))
    await setRules(Bucket, rule({ Expiration: { ExpiredObjectDeleteMarker: true } }))
    await server.pass(DAY_MS)
    assert.deepEqual(await versionsOf(Bucket), ['hidden', '-hidden'])
  })

  it('keep the newest noncurrent versions that a rule spares, and locked ones', async () => {
    const Bucket = await createBucket({ ObjectLockEnabledForBucket: true })
    const ids: (string | undefined)[] = []
    for (let count = 0; count < 6; count++) ids.push((await put(Bucket, 'a')).VersionId)
    const LegalHold = { Status: 'ON' } as const
    const oldest = { Bucket, Key: 'a', VersionId: ids[0] }
    await owner.s3.send(new PutObjectLegalHoldCommand({ ...oldest, LegalHold }))
    await setRules(
      Bucket,
      rule({ NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 } }),
    )
    await server.pass(2 * DAY_MS)
    const { Versions = [] } = await owner.s3.send(new ListObjectVersionsCommand({ Bucket }))
    assert.deepEqual(
      Versions.map(({ VersionId }) => ids.indexOf(VersionId)),
      [5, 4, 3, 0],
    )
  })

  it('abort uploads that were begun long ago', async () => {
    const Bucket = await createBucket()
    const AbortIncompleteMultipartUpload = { DaysAfterInitiation: 1 }
    await setRules(Bucket, rule({ Filter: { Prefix: 'up/' }, AbortIncompleteMultipartUpload }))
    await owner.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'up/old' }))
    await owner.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'other' }))
    await server.pass(2 * DAY_MS)
    await owner.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'up/new' }))
    await server.pass(3_600_000)
    const { Uploads = [] } = await owner.s3.send(new ListMultipartUploadsCommand({ Bucket }))
    assert.deepEqual(
      Uploads.map(({ Key }) => Key),
      ['other', 'up/new'],
    )
  })

  it('are applied once by processes that do so together, and never to an object written anew', async () => {
    const Bucket = await createBucket({ isVersioned: true })
    const keys = Array.from({ length: 30 }, (_, at) => `key-${at}`)
    for (const Key of keys) await put(Bucket, Key)
    await setRules(Bucket, rule({ Expiration: { Days: 1 } }))
    server.clock.advance(2 * DAY_MS)
    const others = [1, 2, 3].map(() => applyLifecycle(createServiceContext(server.context)))
    const rewritten = keys.slice(0, 5).map((Key) => put(Bucket, Key, { Body: 'new' }))
    await Promise.all([...others, ...rewritten])
    const { Versions = [], DeleteMarkers = [] } = await owner.s3.send(
      new ListObjectVersionsCommand({ Bucket }),
    )
    const fresh = Versions.filter(({ Size, IsLatest }) => Size === 3 && IsLatest === true)
    assert.equal(fresh.length, 5)
    for (const Key of keys) {
      const markers = DeleteMarkers.filter((marker) => marker.Key === Key)
      assert.ok(markers.length <= 1, `${Key} has ${markers.length} delete markers`)
    }
    assert.equal(DeleteMarkers.filter(({ IsLatest }) => IsLatest === true).length, 25)
  })

  it('are applied to the other buckets when they cannot be in one, and the failure names that one', async () => {
    const [damaged, later] = [await createBucket(), await createBucket()]
    for (const Bucket of [damaged, later]) {
      await put(Bucket, 'key')
      await setRules(Bucket, rule({ Expiration: { Days: 1 } }))
    }
    server.clock.advance(2 * DAY_MS)
    const { metadata } = server.context
    const damagedId = bucketCodec.decode(
      (await metadata.getMany([bucketKey(damaged)]))[0]?.value ?? assert.fail(),
    ).bucketId
    const [object] = await metadata.scan({ ...objectsRange(damagedId), limit: 1 })
    assert.ok(object)
    await metadata.commit({ sets: [{ key: object.key, value: Buffer.from('not a record') }] })
    await assert.rejects(applyLifecycle(server.context), new RegExp(`failed for bucket ${damaged};`))
    assert.deepEqual(await versionsOf(later), [])
    await metadata.commit({ deletes: [object.key] })
  })
})
