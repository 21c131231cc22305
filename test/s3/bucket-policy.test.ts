import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetObjectCommand,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { failsWith, sdkWorld } from './sdk-world.ts'

const world = sdkWorld({ newBucketDefaults: 'legacy' })

interface Statement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: string
  readonly Resource: string | readonly string[]
  readonly Condition?: object
}

function setPolicy(Bucket: string, ...statements: readonly Statement[]) {
  const Statement = statements.map((statement) => ({ Principal: '*', ...statement }))
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
  return world().s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
}

const put = (Bucket: string, Key: string, more: object = {}) =>
  world().s3.send(new PutObjectCommand({ Bucket, Key, Body: 'text', ...more }))
const strangerReads = (Bucket: string, Key: string) =>
  world().strangersS3.send(new GetObjectCommand({ Bucket, Key }))

describe('a bucket policy', () => {
  it('lets another account read what it names, and nothing else', async () => {
    const bucket = await world().makeBucket('policy-prefix')
    await put(bucket, 'open/a')
    await put(bucket, 'closed/a')
    await setPolicy(bucket, {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${bucket}/open/*`,
    })
    const { Body } = await strangerReads(bucket, 'open/a')
    assert.equal(await Body?.transformToString(), 'text')
    await assert.rejects(strangerReads(bucket, 'closed/a'), failsWith('AccessDenied', 403))
  })

  it('decides by the tags of the object that is read', async () => {
    const bucket = await world().makeBucket('policy-tags')
    await put(bucket, 'public', { Tagging: 'security=public' })
    await put(bucket, 'secret', { Tagging: 'security=secret' })
    await setPolicy(bucket, {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${bucket}/*`,
      Condition: { StringEquals: { 's3:ExistingObjectTag/security': 'public' } },
    })
    await strangerReads(bucket, 'public')
    await assert.rejects(strangerReads(bucket, 'secret'), failsWith('AccessDenied', 403))
  })

  it('decides by the tags that a copy gets, not by those that it says it would have', async () => {
    const bucket = await world().makeBucket('policy-copied-tags')
    await put(bucket, 'source')
    await setPolicy(bucket, {
      Effect: 'Deny',
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${bucket}/*`,
      Condition: { StringNotEquals: { 's3:RequestObjectTag/class': 'public' } },
    })
    const copy = (more: object) =>
      world().s3.send(
        new CopyObjectCommand({
          Bucket: bucket,
          Key: 'copy',
          CopySource: `${bucket}/source`,
          Tagging: 'class=public',
          ...more,
        }),
      )
    await assert.rejects(copy({}), failsWith('AccessDenied', 403))
    await assert.rejects(copy({ TaggingDirective: 'COPY' }), failsWith('AccessDenied', 403))
    await copy({ TaggingDirective: 'REPLACE' })
    await put(bucket, 'tagged', { Tagging: 'class=public' })
  })

  it('refuses a copy with the tags of its source where it refuses to put an object with them', async () => {
    const bucket = await world().makeBucket('policy-refused-tags')
    await put(bucket, 'secret', { Tagging: 'class=secret' })
    await setPolicy(bucket, {
      Effect: 'Deny',
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${bucket}/*`,
      Condition: { StringEquals: { 's3:RequestObjectTag/class': 'secret' } },
    })
    const copy = (more: object = {}) =>
      world().s3.send(
        new CopyObjectCommand({ Bucket: bucket, Key: 'copy', CopySource: `${bucket}/secret`, ...more }),
      )
    await assert.rejects(put(bucket, 'copy', { Tagging: 'class=secret' }), failsWith('AccessDenied', 403))
    await assert.rejects(copy(), failsWith('AccessDenied', 403))
    await assert.rejects(copy({ TaggingDirective: 'COPY' }), failsWith('AccessDenied', 403))
    await copy({ TaggingDirective: 'REPLACE', Tagging: 'class=public' })
    await copy({ TaggingDirective: 'REPLACE' })
  })

  it('decides on parts and completions by what their upload was begun with', async () => {
    const bucket = await world().makeBucket('policy-uploads')
    await setPolicy(bucket, {
      Effect: 'Deny',
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${bucket}/*`,
      Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
    })
    const address = { Bucket: bucket, Key: 'key' }
    const begin = (more: object) => world().s3.send(new CreateMultipartUploadCommand({ ...address, ...more }))
    await assert.rejects(begin({}), failsWith('AccessDenied', 403))
    const { UploadId } = await begin({ ServerSideEncryption: 'AES256' })
    const part = { ...address, UploadId, PartNumber: 1 }
    const { ETag } = await world().s3.send(new UploadPartCommand({ ...part, Body: 'text' }))
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
    const complete = new CompleteMultipartUploadCommand({ ...address, UploadId, MultipartUpload })
    assert.equal((await world().s3.send(complete)).ServerSideEncryption, 'AES256')
  })

  it('lets no part in by tags that its upload was not begun with', async () => {
    const bucket = await world().makeBucket('policy-upload-tags')
    const address = { Bucket: bucket, Key: 'key' }
    const { UploadId } = await world().s3.send(new CreateMultipartUploadCommand(address))
    await setPolicy(bucket, {
      Effect: 'Deny',
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${bucket}/*`,
      Condition: { StringNotEquals: { 's3:RequestObjectTag/class': 'public' } },
    })
    const part = new UploadPartCommand({ ...address, UploadId, PartNumber: 1, Body: 'text' })
    part.middlewareStack.add(
      (next) => (args) => {
        ;(args.request as { headers: Record<string, string> }).headers['x-amz-tagging'] = 'class=public'
        return next(args)
      },
      { step: 'build' },
    )
    await assert.rejects(world().s3.send(part), failsWith('AccessDenied', 403))
  })

  it('that denies binds the owner too', async () => {
    const bucket = await world().makeBucket('policy-deny')
    await setPolicy(bucket, {
      Effect: 'Deny',
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${bucket}/*`,
      Condition: { Null: { 's3:x-amz-server-side-encryption': 'true' } },
    })
    await assert.rejects(put(bucket, 'plain'), failsWith('AccessDenied', 403))
    await put(bucket, 'encrypted', { ServerSideEncryption: 'AES256' })
  })

  it('with too many long patterns refuses what of a batch it would take too long to decide on, and says so', async () => {
    const bucket = await world().makeBucket('policy-costly')
    const Resource = Array.from({ length: 400 }, (_, n) => `arn:aws:s3:::${bucket}/*kk${n}*`)
    await setPolicy(bucket, { Effect: 'Deny', Action: 's3:DeleteObject', Resource })
    const remove = (keys: number) => {
      const Objects = Array.from({ length: keys }, (_, n) => ({ Key: `${'k'.repeat(900)}x-${n}` }))
      return world().s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }))
    }
    const { Deleted = [], Errors = [] } = await remove(200)
    assert.equal(Deleted.length + Errors.length, 200)
    assert.ok(Deleted.length > 0 && Errors.length > 0, `${Deleted.length} deleted`)
    for (const { Code, Message } of Errors) {
      assert.equal(Code, 'AccessDenied')
      assert.match(Message ?? '', /Ask for fewer keys at once/)
    }
    assert.equal((await remove(1)).Deleted?.length, 1)
  })

  it('is given back as it was written, and gone once deleted', async () => {
    const { s3, makeBucket } = world()
    const Bucket = await makeBucket('policy-text')
    const Policy = `{ "Version": "2012-10-17",\n "Statement": { "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::*" } }`
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
    assert.equal((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy, Policy)
    await s3.send(new DeleteBucketPolicyCommand({ Bucket }))
    await assert.rejects(
      s3.send(new GetBucketPolicyCommand({ Bucket })),
      failsWith('NoSuchBucketPolicy', 404),
    )
  })

  const refused: readonly [what: string, statement: Statement][] = [
    [
      'another bucket',
      { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::another-bucket/*' },
    ],
    ['an unknown action', { Effect: 'Allow', Action: 's3:FlyToTheMoon', Resource: 'arn:aws:s3:::*' }],
    [
      'an unknown condition',
      {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::*',
        Condition: { StringEquals: { 'aws:Weather': 'fine' } },
      },
    ],
  ]
  for (const [index, [what, statement]] of refused.entries())
    it(`that names ${what} is refused with MalformedPolicy`, async () => {
      const bucket = await world().makeBucket(`policy-refused-${index}`)
      await assert.rejects(setPolicy(bucket, statement), failsWith('MalformedPolicy', 400))
    })

  it('that opens the bucket is refused where public policies are blocked', async () => {
    const { s3, makeBucket } = world()
    const Bucket = await makeBucket('policy-blocked')
    const PublicAccessBlockConfiguration = { BlockPublicPolicy: true }
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }))
    await assert.rejects(
      setPolicy(Bucket, { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` }),
      failsWith('AccessDenied', 403),
    )
  })
})

describe('the principal of a bucket policy', () => {
  const setPrincipal = (Bucket: string, Principal: object, more: object = {}) => {
    const statement = {
      Effect: 'Deny',
      Principal,
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
    }
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, ...more }] })
    return world().s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  }

  it('is an account that exists, by its id or its ARN', async () => {
    const bucket = await world().makeBucket('principal-known')
    const { accountId } = world().owner.account
    for (const AWS of [accountId, `arn:aws:iam::${accountId}:root`]) {
      await setPrincipal(bucket, { AWS })
      await assert.rejects(put(bucket, 'key'), failsWith('AccessDenied', 403))
    }
  })

  it('may be the id of an account that is not here', async () => {
    const bucket = await world().makeBucket('principal-elsewhere')
    for (const AWS of ['999999999999', 'arn:aws:iam::999999999999:root']) await setPrincipal(bucket, { AWS })
    await put(bucket, 'key')
  })

  it('that no account can have is refused, in lists and in NotPrincipal too', async () => {
    const { makeBucket, owner } = world()
    const bucket = await makeBucket('principal-unknown')
    const nobody = [
      { AWS: owner.rootKey.accessKeyId },
      { AWS: '99999999999' },
      { AWS: 'somebody' },
      { AWS: [owner.account.accountId, owner.rootKey.accessKeyId] },
      { AWS: `arn:aws:iam::${owner.account.accountId}:user/somebody` },
      { CanonicalUser: 'ab'.repeat(32) },
      { Service: 'logging.s3.amazonaws.com' },
      { Federated: 'accounts.google.com' },
    ]
    for (const principal of nobody) {
      await assert.rejects(setPrincipal(bucket, principal), failsWith('MalformedPolicy', 400))
      await assert.rejects(
        setPrincipal(bucket, principal, { Principal: undefined, NotPrincipal: principal }),
        failsWith('MalformedPolicy', 400),
      )
    }
  })

  it('by its canonical id is shown as the ARN of its account', async () => {
    const { makeBucket, owner, s3, stranger } = world()
    const Bucket = await makeBucket('principal-canonical')
    const CanonicalUser = [owner.account.canonicalUserId]
    await setPrincipal(Bucket, { AWS: stranger.account.accountId, CanonicalUser })
    await assert.rejects(put(Bucket, 'key'), failsWith('AccessDenied', 403))
    const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket }))
    const { Statement } = JSON.parse(Policy) as { Statement: [{ Principal: unknown }] }
    assert.deepEqual(Statement[0].Principal, {
      AWS: [stranger.account.accountId, `arn:aws:iam::${owner.account.accountId}:root`],
    })
  })
})

describe('the policy status of a bucket', () => {
  const isPublic = async (Bucket: string) =>
    (await world().s3.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic

  it('tells that it is private, also without a policy', async () => {
    assert.equal(await isPublic(await world().makeBucket('status-private')), false)
  })

  it('tells that its policy makes it public', async () => {
    const bucket = await world().makeBucket('status-policy')
    await setPolicy(bucket, {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: `arn:aws:s3:::${bucket}`,
    })
    assert.equal(await isPublic(bucket), true)
  })

  it('tells that its ACL makes it public', async () => {
    const Bucket = await world().makeBucket('status-acl')
    await world().s3.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' }))
    assert.equal(await isPublic(Bucket), true)
  })
})
