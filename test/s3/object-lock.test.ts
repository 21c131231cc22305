import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  DeleteObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  type ObjectLockRetentionMode,
} from '@aws-sdk/client-s3'
import { failsWith, sdkWorld } from './sdk-world.ts'

const world = sdkWorld()
const TOMORROW = new Date(Date.now() + 24 * 60 * 60 * 1000)
const IN_A_WEEK = new Date(Date.now() + 7 * 24 * 60 * 60 * 1000)

async function putVersion(Bucket: string, Key: string): Promise<string | undefined> {
  return (await world().s3.send(new PutObjectCommand({ Bucket, Key, Body: 'text' }))).VersionId
}

const retain = (Bucket: string, Mode: ObjectLockRetentionMode, RetainUntilDate: Date, bypass?: boolean) =>
  world().s3.send(
    new PutObjectRetentionCommand({
      Bucket,
      Key: 'key',
      Retention: { Mode, RetainUntilDate },
      ...(bypass && { BypassGovernanceRetention: true }),
    }),
  )

const remove = (Bucket: string, VersionId: string | undefined, BypassGovernanceRetention = false) =>
  world().s3.send(new DeleteObjectCommand({ Bucket, Key: 'key', VersionId, BypassGovernanceRetention }))

describe('object lock', () => {
  it('keeps a version in GOVERNANCE mode from everyone who does not bypass it', async () => {
    const bucket = await world().makeBucket('governance', true)
    const versionId = await putVersion(bucket, 'key')
    await retain(bucket, 'GOVERNANCE', TOMORROW)
    await assert.rejects(remove(bucket, versionId), failsWith('AccessDenied', 403))
    await remove(bucket, versionId, true)
  })

  it('keeps a version in COMPLIANCE mode from everyone, and its date from coming nearer', async () => {
    const bucket = await world().makeBucket('compliance', true)
    const versionId = await putVersion(bucket, 'key')
    await retain(bucket, 'COMPLIANCE', IN_A_WEEK)
    await assert.rejects(remove(bucket, versionId, true), failsWith('AccessDenied', 403))
    await assert.rejects(retain(bucket, 'COMPLIANCE', TOMORROW, true), failsWith('AccessDenied', 403))
    await assert.rejects(retain(bucket, 'GOVERNANCE', IN_A_WEEK, true), failsWith('AccessDenied', 403))
    const { Retention } = await world().s3.send(new GetObjectRetentionCommand({ Bucket: bucket, Key: 'key' }))
    assert.deepEqual(Retention, { Mode: 'COMPLIANCE', RetainUntilDate: IN_A_WEEK })
  })

  it('lets a delete marker hide what it keeps', async () => {
    const bucket = await world().makeBucket('hidden', true)
    await putVersion(bucket, 'key')
    await retain(bucket, 'COMPLIANCE', TOMORROW)
    assert.equal((await remove(bucket, undefined)).DeleteMarker, true)
  })

  it('keeps a version under legal hold until the hold is taken off', async () => {
    const { s3, makeBucket } = world()
    const Bucket = await makeBucket('held', true)
    const versionId = await putVersion(Bucket, 'key')
    const hold = (Status: 'ON' | 'OFF') =>
      s3.send(new PutObjectLegalHoldCommand({ Bucket, Key: 'key', LegalHold: { Status } }))
    await hold('ON')
    const { LegalHold } = await s3.send(new GetObjectLegalHoldCommand({ Bucket, Key: 'key' }))
    assert.deepEqual(LegalHold, { Status: 'ON' })
    await assert.rejects(remove(Bucket, versionId, true), failsWith('AccessDenied', 403))
    await hold('OFF')
    await remove(Bucket, versionId)
  })

  it('gives new objects the default of the bucket', async () => {
    const { s3, makeBucket } = world()
    const Bucket = await makeBucket('default-lock', true)
    const ObjectLockConfiguration = {
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } },
    } as const
    await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }))
    const shown = await s3.send(new GetObjectLockConfigurationCommand({ Bucket }))
    assert.deepEqual(shown.ObjectLockConfiguration, ObjectLockConfiguration)
    const versionId = await putVersion(Bucket, 'key')
    const { ObjectLockMode } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'key' }))
    assert.equal(ObjectLockMode, 'GOVERNANCE')
    await assert.rejects(remove(Bucket, versionId), failsWith('AccessDenied', 403))
  })

  it('is refused in a bucket made without it, and keeps versioning on in one made with it', async () => {
    const { s3, makeBucket } = world()
    const plain = await makeBucket('unlocked')
    await putVersion(plain, 'key')
    await assert.rejects(retain(plain, 'GOVERNANCE', TOMORROW), failsWith('InvalidRequest', 400))
    const locked = await makeBucket('locked', true)
    const VersioningConfiguration = { Status: 'Suspended' } as const
    await assert.rejects(
      s3.send(new PutBucketVersioningCommand({ Bucket: locked, VersioningConfiguration })),
      failsWith('InvalidBucketState', 409),
    )
  })
})
