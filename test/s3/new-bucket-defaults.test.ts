import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketEncryptionCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  PutBucketAclCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  type S3Client,
  type ServerSideEncryptionRule,
} from '@aws-sdk/client-s3'
import { failsWith, sdkWorld } from './sdk-world.ts'

const current = sdkWorld()
const legacy = sdkWorld({ newBucketDefaults: 'legacy' })

interface AclInput {
  readonly ACL?: 'public-read' | 'authenticated-read' | 'private' | 'bucket-owner-full-control'
  readonly GrantRead?: string
}

/** Every way to give an object an ACL; the object `key` is there. */
const objectAclWrites: readonly [
  what: string,
  (s3: S3Client, Bucket: string, acl: AclInput) => Promise<unknown>,
][] = [
  [
    'PutObject',
    (s3, Bucket, acl) => s3.send(new PutObjectCommand({ Bucket, Key: 'key', Body: 'x', ...acl })),
  ],
  [
    'CopyObject',
    (s3, Bucket, acl) =>
      s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/key`, ...acl })),
  ],
  [
    'CreateMultipartUpload',
    (s3, Bucket, acl) => s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts', ...acl })),
  ],
]
const putObjectAcl = (s3: S3Client, Bucket: string, acl: AclInput) =>
  s3.send(new PutObjectAclCommand({ Bucket, Key: 'key', ...acl }))
const putBucketAcl = (s3: S3Client, Bucket: string, { ACL, GrantRead }: AclInput) =>
  s3.send(
    new PutBucketAclCommand({
      Bucket,
      ...(ACL && ACL !== 'bucket-owner-full-control' && { ACL }),
      ...(GrantRead && { GrantRead }),
    }),
  )
const ENCRYPTED: ServerSideEncryptionRule = {
  ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
}
const everyone = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'

async function bucketWithObject(world: ReturnType<typeof sdkWorld>, name: string): Promise<string> {
  const bucket = await world().makeBucket(name)
  await world().s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'key', Body: 'text' }))
  return bucket
}

describe('a bucket that S3’s CreateBucket makes', () => {
  it('starts with ACLs off, all public access blocked, and encryption', async () => {
    const { s3, makeBucket } = current()
    const Bucket = await makeBucket('defaults')
    const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))
    assert.deepEqual(OwnershipControls, { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] })
    const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }))
    assert.deepEqual(PublicAccessBlockConfiguration, {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    })
    const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }))
    const rule = encryption.ServerSideEncryptionConfiguration?.Rules?.[0]
    assert.equal(rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm, 'AES256')
    const put = await s3.send(new PutObjectCommand({ Bucket, Key: 'key', Body: 'text' }))
    assert.equal(put.ServerSideEncryption, 'AES256')
  })

  it('lets an object be copied onto itself unchanged once somebody has set its encryption, and not before', async () => {
    const Bucket = await bucketWithObject(current, 'defaults-touch')
    const { s3 } = current()
    const touch = () => s3.send(new CopyObjectCommand({ Bucket, Key: 'key', CopySource: `${Bucket}/key` }))
    await assert.rejects(touch(), failsWith('InvalidRequest', 400))
    await s3.send(
      new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [ENCRYPTED] } }),
    )
    await touch()
  })

  it('goes back to its first encryption when the one that was set is removed', async () => {
    const Bucket = await bucketWithObject(current, 'defaults-removed')
    const { s3 } = current()
    const Rules = [{ ...ENCRYPTED, BucketKeyEnabled: true }]
    for (const removals of [1, 2]) {
      if (removals === 1)
        await s3.send(
          new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }),
        )
      await s3.send(new DeleteBucketEncryptionCommand({ Bucket }))
      const shown = await s3.send(new GetBucketEncryptionCommand({ Bucket }))
      assert.deepEqual(shown.ServerSideEncryptionConfiguration?.Rules, [
        { ...ENCRYPTED, BucketKeyEnabled: false },
      ])
    }
  })

  it('refuses a public policy', async () => {
    const { s3, makeBucket } = current()
    const Bucket = await makeBucket('defaults-policy')
    const Resource = `arn:aws:s3:::${Bucket}/*`
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource }]
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
    await assert.rejects(
      s3.send(new PutBucketPolicyCommand({ Bucket, Policy })),
      failsWith('AccessDenied', 403),
    )
  })

  for (const [index, [what, write]] of objectAclWrites.entries())
    it(`refuses an ACL of ${what} with AccessControlListNotSupported, but that of its owner`, async () => {
      const bucket = await bucketWithObject(current, `defaults-object-${index}`)
      const { s3, owner } = current()
      const refused: AclInput[] = [
        { ACL: 'public-read' },
        { ACL: 'authenticated-read' },
        { ACL: 'private' },
        { GrantRead: everyone },
        { GrantRead: `id=${owner.account.canonicalUserId}` },
        { GrantRead: 'id=nobody' },
      ]
      for (const acl of refused)
        await assert.rejects(write(s3, bucket, acl), failsWith('AccessControlListNotSupported', 400))
      await write(s3, bucket, { ACL: 'bucket-owner-full-control' })
    })

  it('refuses PutObjectAcl and PutBucketAcl, and shows the ACL of its owner', async () => {
    const Bucket = await bucketWithObject(current, 'defaults-acl')
    const { s3, owner } = current()
    for (const acl of [{ ACL: 'public-read' }, { ACL: 'private' }, { GrantRead: everyone }] as const)
      for (const write of [putObjectAcl, putBucketAcl])
        await assert.rejects(write(s3, Bucket, acl), failsWith('AccessControlListNotSupported', 400))
    const ID = owner.account.canonicalUserId
    for (const response of [
      await s3.send(new GetBucketAclCommand({ Bucket })),
      await s3.send(new GetObjectAclCommand({ Bucket, Key: 'key' })),
    ]) {
      assert.equal(response.Owner?.ID, ID)
      assert.deepEqual(
        response.Grants?.map(({ Grantee, Permission }) => [Grantee?.ID, Permission]),
        [[ID, 'FULL_CONTROL']],
      )
    }
  })

  it('is made with the ACL of its owner, and with no other', async () => {
    const { s3 } = current()
    const make = (Bucket: string, more: object) => s3.send(new CreateBucketCommand({ Bucket, ...more }))
    await make('made-private', { ACL: 'private' })
    await assert.rejects(
      make('made-public', { ACL: 'public-read' }),
      failsWith('InvalidBucketAclWithObjectOwnership', 400),
    )
    await assert.rejects(
      make('made-public', { GrantRead: everyone }),
      failsWith('InvalidBucketAclWithObjectOwnership', 400),
    )
    await assert.rejects(
      make('made-public', { ObjectOwnership: 'ObjectWriter', ACL: 'public-read' }),
      failsWith('InvalidBucketAclWithBlockPublicAccessError', 400),
    )
    await make('made-writer', { ObjectOwnership: 'ObjectWriter', ACL: 'log-delivery-write' })
  })

  it('takes ACLs once ownership says so, and public ones once nothing blocks them', async () => {
    const Bucket = await bucketWithObject(current, 'defaults-opened')
    const { s3, strangersS3 } = current()
    const OwnershipControls = { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] }
    await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }))
    const writes = [...objectAclWrites.map(([, write]) => write), putObjectAcl, putBucketAcl]
    for (const write of writes) {
      await write(s3, Bucket, { ACL: 'private' })
      for (const acl of [
        { ACL: 'public-read' },
        { ACL: 'authenticated-read' },
        { GrantRead: everyone },
      ] as const)
        await assert.rejects(write(s3, Bucket, acl), failsWith('AccessDenied', 403))
    }
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }))
    for (const write of writes) await write(s3, Bucket, { ACL: 'public-read' })
    await strangersS3.send(new GetObjectCommand({ Bucket, Key: 'key' }))
  })

  it('starts open to ACLs, unblocked and unencrypted with legacy defaults', async () => {
    const Bucket = await bucketWithObject(legacy, 'legacy')
    const { s3 } = legacy()
    await assert.rejects(
      s3.send(new GetBucketOwnershipControlsCommand({ Bucket })),
      failsWith('OwnershipControlsNotFoundError', 404),
    )
    await assert.rejects(
      s3.send(new GetPublicAccessBlockCommand({ Bucket })),
      failsWith('NoSuchPublicAccessBlockConfiguration', 404),
    )
    await assert.rejects(
      s3.send(new GetBucketEncryptionCommand({ Bucket })),
      failsWith('ServerSideEncryptionConfigurationNotFoundError', 404),
    )
    for (const write of [...objectAclWrites.map(([, each]) => each), putObjectAcl, putBucketAcl])
      await write(s3, Bucket, { ACL: 'public-read' })
  })
})
