import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  DeleteBucketCommand as DeleteLightsailBucketCommand,
  GetOperationsForResourceCommand,
  UpdateBucketCommand,
} from '@aws-sdk/client-lightsail'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  HeadObjectCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  type ObjectLockMode,
} from '@aws-sdk/client-s3'
import { deleteAccount } from '../../src/service/accounts/delete-account.ts'
import { DAY_MS, startFeatureServer, type FeatureAccount, type FeatureServer } from './feature-server.ts'

describe('locked versions', () => {
  let server: FeatureServer
  let owner: FeatureAccount

  before(async () => {
    server = await startFeatureServer()
    owner = await server.createAccount('owner')
  })
  after(() => server.stop())

  const makeBucket = (Bucket: string) =>
    owner.s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }))
  const retained = (ObjectLockMode: ObjectLockMode, days: number) => ({
    ObjectLockMode,
    ObjectLockRetainUntilDate: new Date(server.clock.now() + days * DAY_MS),
  })
  const hold = (Bucket: string, Key: string, Status: 'ON' | 'OFF') =>
    owner.s3.send(new PutObjectLegalHoldCommand({ Bucket, Key, LegalHold: { Status } }))
  const force = (bucketName: string) =>
    owner.lightsail.send(new DeleteLightsailBucketCommand({ bucketName, forceDelete: true }))

  it('outlive every deletion of their bucket and account, in full', async () => {
    const Bucket = 'evidence'
    await makeBucket(Bucket)
    const put = (Key: string, lock: object) =>
      owner.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key, ...lock }))
    const { VersionId } = await put('ledger', retained('COMPLIANCE', 2))
    const governed = await put('governed', retained('GOVERNANCE', 1))
    const free = await put('free', {})
    const refused = { name: 'InvalidInputException', message: /COMPLIANCE mode until .* Nothing was deleted/ }
    await owner.s3.send(
      new DeleteObjectCommand({
        Bucket,
        Key: 'governed',
        VersionId: governed.VersionId,
        BypassGovernanceRetention: true,
      }),
    )
    await assert.rejects(force(Bucket), refused)
    await assert.rejects(owner.s3.send(new DeleteBucketCommand({ Bucket })), { name: 'BucketNotEmpty' })
    await assert.rejects(deleteAccount(server.context, 'owner'), { kind: 'AccountOwnsBuckets' })
    await server.pass(60_000)
    for (const [Key, version] of [
      ['ledger', VersionId],
      ['free', free.VersionId],
    ])
      await owner.s3.send(new HeadObjectCommand({ Bucket, Key, VersionId: version }))
    const { operations = [] } = await owner.lightsail.send(
      new GetOperationsForResourceCommand({ resourceName: Bucket }),
    )
    assert.deepEqual(operations, [], 'no deletion is on record')
    await server.pass(2 * DAY_MS)
    await force(Bucket)
  })

  it('keep their bucket while one is under GOVERNANCE retention, which a forced deletion cannot bypass', async () => {
    const Bucket = 'governed'
    await makeBucket(Bucket)
    const { VersionId } = await owner.s3.send(
      new PutObjectCommand({ Bucket, Key: 'key', Body: 'x', ...retained('GOVERNANCE', 1) }),
    )
    await assert.rejects(force(Bucket), { name: 'InvalidInputException', message: /GOVERNANCE/ })
    const { Errors = [] } = await owner.s3.send(
      new DeleteObjectsCommand({
        Bucket,
        BypassGovernanceRetention: true,
        Delete: { Objects: [{ Key: 'key', VersionId }] },
      }),
    )
    assert.deepEqual(Errors, [])
    await force(Bucket)
  })

  it('outlive lifecycle rules for older versions, and go with them when the hold is off', async () => {
    const Bucket = 'expiring'
    await makeBucket(Bucket)
    const put = () => owner.s3.send(new PutObjectCommand({ Bucket, Key: 'key', Body: 'x' }))
    const { VersionId } = await put()
    await hold(Bucket, 'key', 'ON')
    await put()
    const Rules = [
      {
        ID: 'older',
        Status: 'Enabled' as const,
        Filter: { Prefix: '' },
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
        Expiration: { ExpiredObjectDeleteMarker: true },
      },
    ]
    const LifecycleConfiguration = { Rules }
    await owner.s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }))
    const head = () => owner.s3.send(new HeadObjectCommand({ Bucket, Key: 'key', VersionId }))
    await server.pass(3 * DAY_MS)
    assert.equal((await head()).ObjectLockLegalHoldStatus, 'ON')
    await assert.rejects(force(Bucket), { name: 'InvalidInputException', message: /legal hold/ })
    await owner.s3.send(
      new PutObjectLegalHoldCommand({ Bucket, Key: 'key', VersionId, LegalHold: { Status: 'OFF' } }),
    )
    await server.pass(DAY_MS)
    await assert.rejects(head(), { name: 'NotFound' })
    await force(Bucket)
  })

  it('have versions kept by the control plane too', async () => {
    const bucketName = 'suspended'
    await makeBucket(bucketName)
    await assert.rejects(
      owner.lightsail.send(new UpdateBucketCommand({ bucketName, versioning: 'Suspended' })),
      { name: 'InvalidInputException' },
    )
  })
})
