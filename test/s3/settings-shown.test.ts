/** What is set of a bucket is what is shown of it, and what is taken away is no longer there. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  DeleteBucketCorsCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  DeletePublicAccessBlockCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
  S3ServiceException,
  type DefaultRetention,
} from '@aws-sdk/client-s3'
import { failsWith, sdkWorld } from './sdk-world.ts'

const world = sdkWorld()

describe('what is set of a bucket is shown of it:', () => {
  it('CORS rules', async () => {
    const { s3, makeBucket } = world()
    const Bucket = await makeBucket('cors-shown')
    const CORSRules = [
      {
        ID: 'one',
        AllowedHeaders: ['*', 'x-a'],
        AllowedMethods: ['GET', 'PUT'],
        AllowedOrigins: ['https://a.example', 'https://*.b.example'],
        ExposeHeaders: ['ETag'],
        MaxAgeSeconds: 60,
      },
      { AllowedMethods: ['HEAD'], AllowedOrigins: ['*'] },
    ]
    await assert.rejects(
      s3.send(new GetBucketCorsCommand({ Bucket })),
      failsWith('NoSuchCORSConfiguration', 404),
    )
    await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }))
    assert.deepEqual((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules, CORSRules)
    await s3.send(new DeleteBucketCorsCommand({ Bucket }))
    await assert.rejects(
      s3.send(new GetBucketCorsCommand({ Bucket })),
      failsWith('NoSuchCORSConfiguration', 404),
    )
  })

  it('lifecycle rules', async () => {
    const { s3, makeBucket } = world()
    const Bucket = await makeBucket('lifecycle-shown')
    const Rules = [
      { ID: 'by-age', Status: 'Enabled' as const, Filter: { Prefix: 'a/' }, Expiration: { Days: 3 } },
      {
        ID: 'by-tags',
        Status: 'Disabled' as const,
        Filter: {
          And: {
            Prefix: 'b/',
            Tags: [{ Key: 'k', Value: 'v' }],
            ObjectSizeGreaterThan: 10,
            ObjectSizeLessThan: 20,
          },
        },
        NoncurrentVersionExpiration: { NoncurrentDays: 4, NewerNoncurrentVersions: 2 },
      },
      {
        ID: 'by-date',
        Status: 'Enabled' as const,
        Filter: { Prefix: '' },
        Expiration: { Date: new Date('2040-01-01T00:00:00Z') },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 5 },
      },
    ]
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }))
    assert.deepEqual((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules, Rules)
    await s3.send(new DeleteBucketLifecycleCommand({ Bucket }))
    await assert.rejects(
      s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
      failsWith('NoSuchLifecycleConfiguration', 404),
    )
  })

  it('tags and policy', async () => {
    const { s3, makeBucket, server } = world()
    const Bucket = await makeBucket('tags-shown')
    const TagSet = [
      { Key: 'team', Value: 'red @ blue: a/b+c=d' },
      { Key: 'empty', Value: '' },
    ]
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
    assert.deepEqual((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet, TagSet)
    await s3.send(new DeleteBucketTaggingCommand({ Bucket }))
    await assert.rejects(s3.send(new GetBucketTaggingCommand({ Bucket })), failsWith('NoSuchTagSet', 404))
    const policy = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/no/*` },
      ],
    }
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) }))
    assert.deepEqual(JSON.parse((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy ?? ''), policy)
    await s3.send(new DeleteBucketPolicyCommand({ Bucket }))
    await assert.rejects(
      s3.send(new GetBucketPolicyCommand({ Bucket })),
      failsWith('NoSuchBucketPolicy', 404),
    )
    assert.deepEqual(server.errors, [])
  })

  it('encryption, ownership, and what it blocks', async () => {
    const { s3, makeBucket } = world()
    const Bucket = await makeBucket('rules-shown')
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }]
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }))
    const shown = await s3.send(new GetBucketEncryptionCommand({ Bucket }))
    assert.equal(
      shown.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
      'AES256',
    )
    await s3.send(new DeleteBucketEncryptionCommand({ Bucket }))
    for (const ObjectOwnership of ['ObjectWriter', 'BucketOwnerPreferred', 'BucketOwnerEnforced'] as const) {
      const OwnershipControls = { Rules: [{ ObjectOwnership }] }
      await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }))
      assert.deepEqual(
        (await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))).OwnershipControls,
        OwnershipControls,
      )
    }
    await s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }))
    for (const isOn of [true, false])
      for (const name of [
        'BlockPublicAcls',
        'IgnorePublicAcls',
        'BlockPublicPolicy',
        'RestrictPublicBuckets',
      ]) {
        const blocks = {
          BlockPublicAcls: !isOn,
          IgnorePublicAcls: !isOn,
          BlockPublicPolicy: !isOn,
          RestrictPublicBuckets: !isOn,
          [name]: isOn,
        }
        await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: blocks }))
        assert.deepEqual(
          (await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration,
          blocks,
        )
      }
    // What is not said is off.
    await s3.send(
      new PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: { BlockPublicPolicy: true },
      }),
    )
    assert.deepEqual(
      (await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration,
      {
        BlockPublicAcls: false,
        IgnorePublicAcls: false,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: false,
      },
    )
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }))
    await assert.rejects(
      s3.send(new GetPublicAccessBlockCommand({ Bucket })),
      failsWith('NoSuchPublicAccessBlockConfiguration', 404),
    )
  })

  it('versioning, logs and region', async () => {
    const { s3, makeBucket } = world()
    const [Bucket, target] = [await makeBucket('versions-shown'), await makeBucket('logs-shown')]
    const status = async () => (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status
    assert.equal(await status(), undefined)
    for (const Status of ['Enabled', 'Suspended'] as const) {
      await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }))
      assert.equal(await status(), Status)
    }
    const logging = async () => (await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled
    assert.equal(await logging(), undefined)
    const LoggingEnabled = { TargetBucket: target, TargetPrefix: 'p/' }
    await s3.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: { LoggingEnabled } }))
    assert.deepEqual(await logging(), LoggingEnabled)
    await s3.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: {} }))
    assert.equal(await logging(), undefined)
    assert.equal((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint, undefined)
    assert.equal((await s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion, 'us-east-1')
  })

  it('how long versions are kept, within bounds', async () => {
    const { s3, makeBucket } = world()
    const Bucket = await makeBucket('locks-shown', true)
    const set = (DefaultRetention: DefaultRetention) =>
      s3.send(
        new PutObjectLockConfigurationCommand({
          Bucket,
          ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } },
        }),
      )
    for (const kept of [
      { Mode: 'GOVERNANCE' as const, Days: 1 },
      { Mode: 'COMPLIANCE' as const, Days: 36_500 },
      { Mode: 'GOVERNANCE' as const, Years: 100 },
    ]) {
      await set(kept)
      assert.deepEqual(
        (await s3.send(new GetObjectLockConfigurationCommand({ Bucket }))).ObjectLockConfiguration,
        {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: kept },
        },
      )
    }
    for (const length of [
      { Days: 0 },
      { Days: 36_501 },
      { Years: 0 },
      { Years: 101 },
      { Days: 1, Years: 1 },
      {},
    ])
      await assert.rejects(set({ Mode: 'GOVERNANCE', ...length }), S3ServiceException, JSON.stringify(length))
  })
})
