import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CreateBucketCommand, GetBucketsCommand, UpdateBucketCommand } from '@aws-sdk/client-lightsail'
import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectAclCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type BucketVersioningStatus,
} from '@aws-sdk/client-s3'
import { presignRequest } from '../../src/auth/presign-request.ts'
import { startFeatureServer, type FeatureAccount, type FeatureServer } from './feature-server.ts'

type GetObject = 'public' | 'private'

describe('public access to a Lightsail bucket', () => {
  let server: FeatureServer
  let owner: FeatureAccount
  const Bucket = 'shown'

  before(async () => {
    server = await startFeatureServer()
    owner = await server.createAccount('owner')
    await owner.lightsail.send(new CreateBucketCommand({ bucketName: Bucket, bundleId: 'small_1_0' }))
    await owner.s3.send(new PutObjectCommand({ Bucket, Key: 'plain', Body: 'p' }))
    await setRules('private', true)
    await owner.s3.send(new PutObjectCommand({ Bucket, Key: 'shared', Body: 's', ACL: 'public-read' }))
  })
  after(() => server.stop())

  const setRules = (getObject: GetObject, allowPublicOverrides: boolean) =>
    owner.lightsail.send(
      new UpdateBucketCommand({ bucketName: Bucket, accessRules: { getObject, allowPublicOverrides } }),
    )
  async function statusOf(path: string, init: RequestInit = {}): Promise<number> {
    const response = await fetch(`${server.endpoint}/${Bucket}${path}`, init)
    await response.arrayBuffer()
    return response.status
  }

  // Private, then back again: an ACL that has no effect is kept, and has its effect again when the bucket lets it.
  const truth: readonly [GetObject, boolean, number, number][] = [
    ['private', false, 403, 403],
    ['private', true, 403, 200],
    ['public', false, 200, 200],
    ['public', true, 200, 200],
    ['private', false, 403, 403],
    ['private', true, 403, 200],
  ]
  for (const [getObject, overrides, plain, shared] of truth) {
    it(`getObject ${getObject}, overrides ${overrides}: private object ${plain}, public-read object ${shared}`, async () => {
      await setRules(getObject, overrides)
      assert.deepEqual([await statusOf('/plain'), await statusOf('/shared')], [plain, shared])
      assert.equal(await statusOf('/shared', { method: 'HEAD' }), shared)
      for (const path of ['', '/?list-type=2', '/?versions', '/?acl', '/shared?acl', '/shared?tagging'])
        assert.equal(await statusOf(path), 403, path)
      for (const method of ['PUT', 'DELETE']) assert.equal(await statusOf('/shared', { method }), 403, method)
      assert.equal(await statusOf('/missing'), 403)
    })
  }

  it('begins and ends for one object with its ACL', async () => {
    await setRules('private', true)
    await owner.s3.send(new PutObjectAclCommand({ Bucket, Key: 'plain', ACL: 'public-read' }))
    assert.equal(await statusOf('/plain'), 200)
    await owner.s3.send(new PutObjectAclCommand({ Bucket, Key: 'plain', ACL: 'private' }))
    assert.equal(await statusOf('/plain'), 403)
  })

  it('is refused where the rules let no object be public, however it is asked for', async () => {
    await setRules('private', false)
    const object = { Bucket, Key: 'refused' }
    const AllUsers = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'
    for (const asked of [{ ACL: 'public-read' }, { GrantRead: AllUsers }] as const) {
      const copy = { ...object, CopySource: `${Bucket}/plain` }
      for (const request of [
        () => owner.s3.send(new PutObjectCommand({ ...object, Body: 'x', ...asked })),
        () => owner.s3.send(new CopyObjectCommand({ ...copy, ...asked })),
        () => owner.s3.send(new CreateMultipartUploadCommand({ ...object, ...asked })),
        () => owner.s3.send(new PutObjectAclCommand({ Bucket, Key: 'plain', ...asked })),
      ])
        await assert.rejects(request, { name: 'AccessDenied' })
    }
    await owner.s3.send(new PutObjectCommand({ ...object, Body: 'x', ACL: 'bucket-owner-full-control' }))
    await owner.s3.send(new PutObjectAclCommand({ ...object, ACL: 'private' }))
    await setRules('public', false)
    await owner.s3.send(new PutObjectCommand({ ...object, Body: 'x', ACL: 'public-read' }))
    await owner.s3.send(new DeleteObjectCommand(object))
  })

  it('cannot be given to somebody, as ACLs in S3 can', async () => {
    await setRules('private', true)
    for (const more of [
      { ACL: 'authenticated-read' },
      { GrantRead: `id="${owner.canonicalUserId}", uri="http://acs.amazonaws.com/groups/s3/LogDelivery"` },
      { GrantReadACP: 'uri="http://acs.amazonaws.com/groups/global/AllUsers"' },
    ] as const)
      await assert.rejects(owner.s3.send(new PutObjectAclCommand({ Bucket, Key: 'plain', ...more })), {
        name: 'AccessDenied',
      })
  })

  it('is given by a presigned upload with the public-read ACL', async () => {
    await setRules('private', true)
    const { accessKeyId, secretAccessKey } = await owner.s3.config.credentials()
    const { host } = new URL(server.endpoint)
    const path = presignRequest({
      method: 'PUT',
      url: `/${Bucket}/upload`,
      headers: { host, 'x-amz-acl': 'public-read' },
      credentials: { accessKeyId, secretAccessKey },
      region: 'us-east-1',
      nowMs: server.clock.now(),
      expiresSeconds: 60,
    })
    const init = { method: 'PUT', body: 'up', headers: { 'x-amz-acl': 'public-read' } }
    assert.equal((await fetch(server.endpoint + path, init)).status, 200)
    assert.equal(await (await fetch(`${server.endpoint}/${Bucket}/upload`)).text(), 'up')
  })

  for (const [api, switchTo] of [
    [
      'UpdateBucket',
      (versioning: BucketVersioningStatus) =>
        owner.lightsail.send(new UpdateBucketCommand({ bucketName: Bucket, versioning })),
    ],
    [
      'PutBucketVersioning of S3',
      (Status: BucketVersioningStatus) =>
        owner.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } })),
    ],
  ] as const)
    it(`goes back to all private when ${api} switches versioning while objects could be made public`, async () => {
      for (const versioning of ['Enabled', 'Suspended'] as const) {
        await setRules('private', true)
        assert.equal(await statusOf('/shared'), 200)
        await switchTo(versioning)
        assert.equal(await statusOf('/shared'), 403)
        const { buckets } = await owner.lightsail.send(new GetBucketsCommand({ bucketName: Bucket }))
        assert.deepEqual(buckets?.[0]?.accessRules, { getObject: 'private', allowPublicOverrides: false })
        assert.equal(buckets[0].objectVersioning, versioning)
      }
    })

  it('is not what a read-only account has: that one signs, reads and lists, and writes nothing', async () => {
    await setRules('private', false)
    const reader = await server.createAccount('reader')
    const readonlyAccessAccounts = [reader.accountId]
    await assert.rejects(reader.s3.send(new ListObjectsV2Command({ Bucket })), { name: 'AccessDenied' })
    await owner.lightsail.send(new UpdateBucketCommand({ bucketName: Bucket, readonlyAccessAccounts }))
    const { KeyCount } = await reader.s3.send(new ListObjectsV2Command({ Bucket }))
    assert.equal(KeyCount, 3)
    const { Body } = await reader.s3.send(new GetObjectCommand({ Bucket, Key: 'plain' }))
    assert.equal(await Body?.transformToString(), 'p')
    for (const write of [
      new PutObjectCommand({ Bucket, Key: 'plain', Body: 'x' }),
      new PutObjectAclCommand({ Bucket, Key: 'plain', ACL: 'public-read' }),
    ])
      await assert.rejects(reader.s3.send(write), { name: 'AccessDenied' })
    assert.equal(await statusOf('/plain'), 403)
    await owner.lightsail.send(new UpdateBucketCommand({ bucketName: Bucket, readonlyAccessAccounts: [] }))
    await assert.rejects(reader.s3.send(new ListObjectsV2Command({ Bucket })), { name: 'AccessDenied' })
  })

  it('from browsers follows the CORS rules of update-bucket, until they are taken away', async () => {
    await setRules('public', false)
    const origin = 'https://app.test'
    const cors = {
      rules: [
        {
          allowedMethods: ['GET', 'PUT'],
          allowedOrigins: ['https://*.test', origin],
          allowedHeaders: ['*'],
          exposeHeaders: ['ETag'],
          maxAgeSeconds: 60,
        },
      ],
    }
    await owner.lightsail.send(new UpdateBucketCommand({ bucketName: Bucket, cors }))
    const preflight = (from: string, method: string) =>
      fetch(`${server.endpoint}/${Bucket}/plain`, {
        method: 'OPTIONS',
        headers: {
          origin: from,
          'access-control-request-method': method,
          'access-control-request-headers': 'x-amz-acl',
        },
      })
    const allowed = await preflight(origin, 'PUT')
    assert.equal(allowed.status, 200)
    assert.equal(allowed.headers.get('access-control-allow-origin'), origin)
    assert.equal(allowed.headers.get('access-control-max-age'), '60')
    assert.equal(allowed.headers.get('access-control-allow-headers'), 'x-amz-acl')
    assert.equal((await preflight(origin, 'DELETE')).status, 403)
    assert.equal((await preflight('https://evil.example', 'GET')).status, 403)
    const actual = await fetch(`${server.endpoint}/${Bucket}/plain`, { headers: { origin } })
    assert.equal(actual.headers.get('access-control-allow-origin'), origin)
    assert.equal(actual.headers.get('access-control-expose-headers'), 'ETag')
    await owner.lightsail.send(new UpdateBucketCommand({ bucketName: Bucket, cors: { rules: [] } }))
    assert.equal((await preflight(origin, 'PUT')).status, 403)
    const silent = await fetch(`${server.endpoint}/${Bucket}/plain`, { headers: { origin } })
    assert.equal(silent.headers.get('access-control-allow-origin'), null)
  })
})
