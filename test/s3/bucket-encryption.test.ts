/** What a bucket's encryption says: how new objects are encrypted, and that they may not be under customers' keys. */
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { describe, it } from 'node:test'
import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteBucketEncryptionCommand,
  GetBucketEncryptionCommand,
  GetObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type ServerSideEncryptionRule,
} from '@aws-sdk/client-s3'
import { failsWith, sdkWorld } from './sdk-world.ts'

const world = sdkWorld()

const AES256: ServerSideEncryptionRule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }
const blocking = (type: 'NONE' | 'SSE-C'): ServerSideEncryptionRule => ({
  BlockedEncryptionTypes: { EncryptionType: [type] },
})
const bytes = Buffer.alloc(32, 'k')
const KEY = {
  SSECustomerAlgorithm: 'AES256',
  SSECustomerKey: bytes.toString('base64'),
  SSECustomerKeyMD5: hash('md5', bytes, 'base64'),
}

const set = (Bucket: string, rule: ServerSideEncryptionRule) =>
  world().s3.send(
    new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }),
  )
async function shown(Bucket: string): Promise<ServerSideEncryptionRule | undefined> {
  const { ServerSideEncryptionConfiguration } = await world().s3.send(
    new GetBucketEncryptionCommand({ Bucket }),
  )
  return ServerSideEncryptionConfiguration?.Rules?.[0]
}

describe("a bucket that blocks customers' keys", () => {
  it('refuses every new object under one, and takes others', async () => {
    const { s3, makeBucket } = world()
    const Bucket = await makeBucket('blocked-writes')
    await s3.send(new PutObjectCommand({ Bucket, Key: 'plain', Body: 'x' }))
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts', ...KEY }))
    const part = { Bucket, Key: 'parts', UploadId, PartNumber: 1, ...KEY }
    await set(Bucket, { ...AES256, ...blocking('SSE-C') })
    for (const write of [
      () => s3.send(new PutObjectCommand({ Bucket, Key: 'new', Body: 'x', ...KEY })),
      () => s3.send(new CopyObjectCommand({ Bucket, Key: 'new', CopySource: `${Bucket}/plain`, ...KEY })),
      () => s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'new', ...KEY })),
      () => s3.send(new UploadPartCommand({ ...part, Body: 'x' })),
      () => s3.send(new UploadPartCopyCommand({ ...part, CopySource: `${Bucket}/plain` })),
    ])
      await assert.rejects(write(), failsWith('AccessDenied', 403))
    await s3.send(new PutObjectCommand({ Bucket, Key: 'new', Body: 'x' }))
  })

  it('gives out what was stored before, and takes them again when it is told NONE or its encryption is removed', async () => {
    const { s3, makeBucket } = world()
    const Bucket = await makeBucket('blocked-reads')
    const put = () => s3.send(new PutObjectCommand({ Bucket, Key: 'key', Body: 'sealed', ...KEY }))
    await put()
    for (const unblock of [
      () => set(Bucket, blocking('NONE')),
      () => s3.send(new DeleteBucketEncryptionCommand({ Bucket })),
    ]) {
      await set(Bucket, blocking('SSE-C'))
      await assert.rejects(put(), failsWith('AccessDenied', 403))
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'key', ...KEY }))
      assert.equal(await Body?.transformToString(), 'sealed')
      await unblock()
      await put()
    }
  })
})

describe('PutBucketEncryption', () => {
  it('changes what its rule says, and leaves the rest as it was', async () => {
    const Bucket = await world().makeBucket('encryption-parts')
    await set(Bucket, { ...AES256, BucketKeyEnabled: true })
    await set(Bucket, blocking('SSE-C'))
    assert.deepEqual(await shown(Bucket), { ...AES256, BucketKeyEnabled: true, ...blocking('SSE-C') })
    await set(Bucket, AES256)
    assert.deepEqual(await shown(Bucket), { ...AES256, BucketKeyEnabled: false, ...blocking('SSE-C') })
    await set(Bucket, blocking('NONE'))
    assert.deepEqual(await shown(Bucket), { ...AES256, BucketKeyEnabled: false, ...blocking('NONE') })
  })

  for (const { title, rule, code, status } of [
    {
      title: 'an algorithm that S3 does not know',
      rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES512' } },
      code: 'MalformedXML',
      status: 400,
    },
    {
      title: 'a key of a key service beside AES256',
      rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256', KMSMasterKeyID: 'key' } },
      code: 'InvalidArgument',
      status: 400,
    },
    {
      title: 'keys of a key service',
      rule: { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
      code: 'NotImplemented',
      status: 501,
    },
    {
      title: 'a rule that says nothing',
      rule: { BucketKeyEnabled: true },
      code: 'MalformedXML',
      status: 400,
    },
    {
      title: 'to block what cannot be blocked',
      rule: { ...AES256, BlockedEncryptionTypes: { EncryptionType: ['SSE-KMS'] } },
      code: 'MalformedXML',
      status: 400,
    },
  ])
    it(`refuses ${title}, and changes nothing`, async () => {
      const Bucket = await world().makeBucket(`encryption-${hash('md5', title).slice(0, 8)}`)
      const before = await shown(Bucket)
      await assert.rejects(set(Bucket, rule as ServerSideEncryptionRule), failsWith(code, status))
      assert.deepEqual(await shown(Bucket), before)
    })
})
