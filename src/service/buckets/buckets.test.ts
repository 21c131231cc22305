import { DAY_MS } from '../../base/milliseconds.ts'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketName, setUp } from '../../../test/bucket-world.ts'
import { createAccount } from '../accounts/create-account.ts'
import { deleteAccount } from '../accounts/delete-account.ts'
import { type DomainErrorKind } from '../errors/domain-error.ts'
import { addResource } from '../resources/add-resource.ts'
import { deleteResource } from '../resources/delete-resource.ts'
import { createBucket } from './create-bucket.ts'
import { createS3Bucket } from './create-s3-bucket.ts'
import { deleteBucket } from './delete-bucket.ts'
import { getOwnBucket } from './own-bucket.ts'
import { setResourceAccess } from './set-resource-access.ts'
import { tagResource } from './tags.ts'
import { updateBucket } from './update-bucket.ts'
import { updateBucketBundle } from './update-bucket-bundle.ts'

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

  it('keeps its access rules when versioning is switched, if S3 made it: there ACLs decide', async () => {
    const { context, caller } = await setUp()
    await createS3Bucket(context, caller, { bucketName: 'of-s3' })
    const accessRules = { getObject: 'private', allowPublicOverrides: true } as const
    await updateBucket(context, caller, { bucketName: 'of-s3', accessRules })
    const { bucket } = await updateBucket(context, caller, { bucketName: 'of-s3', versioning: 'Enabled' })
    assert.deepEqual(bucket.accessRules, accessRules)
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
