import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, beforeEach, describe, it } from 'node:test'
import { createAccessKey } from '../../src/service/access-keys/create-access-key.ts'
import { createBucket } from '../../src/service/buckets/create-bucket.ts'
import { updateBucket } from '../../src/service/buckets/update-bucket.ts'
import { bucketKey } from '../../src/service/keyspace.ts'
import { bucketCodec, type BucketRecord } from '../../src/service/records/bucket.ts'
import type { MetadataStore } from '../../src/storage/metadata-store.ts'
import { SignedClient, type HttpResponse, type S3Request } from '../harness/signed-client.ts'
import { startServer, type TestServer } from './start-server.ts'

const region = 'us-east-1'
const BUCKET = 'settings'
const LIGHTSAIL_BUCKET = 'overrides'
const BODY = Buffer.from('x')
const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers'
const BLOCKED = {
  blockPublicAcls: true,
  ignorePublicAcls: false,
  blockPublicPolicy: true,
  restrictPublicBuckets: false,
}
const NAMESPACE = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

let server: TestServer
let owner: SignedClient
let accountId = ''
let canonicalId = ''

const clientOf = (key: { readonly accessKeyId: string; readonly secretAccessKey: string }) =>
  new SignedClient({ endpoint: server.url, region }, key, { keepAlive: false })

before(async () => {
  server = await startServer({ newBucketDefaults: 'legacy' })
  const { account, rootKey } = await server.createAccount('owner')
  accountId = account.accountId
  canonicalId = account.canonicalUserId
  owner = clientOf(rootKey)
})
after(async () => {
  owner.close()
  await server.stop()
})

let initial: BucketRecord | undefined
/** As another process would: the writers of this one wait for each other. */
async function change(name: string, how: (record: BucketRecord) => BucketRecord): Promise<void> {
  const { metadata } = server.context
  const [entry] = await metadata.getMany([bucketKey(name)])
  assert.ok(entry)
  const value = bucketCodec.encode(how(bucketCodec.decode(entry.value)))
  await metadata.commit({ sets: [{ key: entry.key, value }] })
}

async function send(request: S3Request, client = owner): Promise<HttpResponse> {
  const body = request.body && Buffer.from(request.body.toString().replace(OWNER, canonicalId))
  const md5 = createHash('md5')
    .update(body ?? '')
    .digest('base64')
  return await client.s3({
    ...request,
    ...(body && { body }),
    headers: { 'content-md5': md5, ...request.headers },
  })
}

const codeOf = ({ status, body }: HttpResponse) =>
  status < 300 ? 'done' : `${status} ${/<Code>(.*)<\/Code>/.exec(body.toString())?.[1] ?? ''}`

beforeEach(async () => {
  if (initial) {
    const record = initial
    return await change(BUCKET, () => record)
  }
  assert.equal(codeOf(await send({ method: 'PUT', path: `/${BUCKET}` })), 'done')
  assert.equal(codeOf(await send({ method: 'PUT', path: `/${BUCKET}/key`, body: BODY })), 'done')
  assert.equal(codeOf(await send({ method: 'PUT', path: `/${BUCKET}/source`, body: BODY })), 'done')
  await createBucket(
    server.context,
    { accountId, region },
    { bucketName: LIGHTSAIL_BUCKET, bundleId: 'small_1_0' },
  )
  const [entry] = await server.context.metadata.getMany([bucketKey(BUCKET)])
  assert.ok(entry)
  initial = bucketCodec.decode(entry.value)
})

/** Does something that changes the bucket or an object of it, with other settings of the bucket landing just before its commit. */
async function landingBefore<T>(
  name: string,
  how: (record: BucketRecord) => BucketRecord,
  write: () => Promise<T>,
): Promise<T> {
  const metadata = server.context.metadata as { commit: MetadataStore['commit'] }
  const { commit } = metadata
  metadata.commit = async (wanted) => {
    if (!wanted.checks?.some(({ key }) => bucketKey(name).equals(key)))
      return await commit.call(metadata, wanted)
    metadata.commit = commit
    await change(name, how)
    return await commit.call(metadata, wanted)
  }
  try {
    return await write()
  } finally {
    metadata.commit = commit
  }
}

/** In the place of the owner's id, which a server gives an account when it makes it. */
const OWNER = '{owner}'
const acl = (uri: string) =>
  Buffer.from(
    `<AccessControlPolicy><Owner><ID>${OWNER}</ID></Owner><AccessControlList><Grant><Grantee ${NAMESPACE} xsi:type="Group"><URI>${uri}</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>`,
  )
const canned = { 'x-amz-acl': 'public-read' }

const form = (fields: Record<string, string>): S3Request => {
  const boundary = 'b0'
  const part = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const parts = Object.entries(fields).map(([name, value]) => part(name, value))
  const file = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nx\r\n--${boundary}--\r\n`
  return {
    method: 'POST',
    path: `/${BUCKET}`,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.from(parts.join('') + file),
  }
}

/** All that gives an object an ACL for everyone. */
const OBJECT_ACLS: Readonly<Record<string, S3Request>> = {
  'PutObjectAcl with a ready-made ACL': { method: 'PUT', path: `/${BUCKET}/key?acl`, headers: canned },
  'PutObjectAcl with a grant': {
    method: 'PUT',
    path: `/${BUCKET}/key?acl`,
    headers: { 'x-amz-grant-read': `uri="${ALL_USERS}"` },
  },
  'PutObjectAcl with a document': { method: 'PUT', path: `/${BUCKET}/key?acl`, body: acl(ALL_USERS) },
  PutObject: { method: 'PUT', path: `/${BUCKET}/key`, headers: canned, body: BODY },
  CopyObject: {
    method: 'PUT',
    path: `/${BUCKET}/key`,
    headers: { ...canned, 'x-amz-copy-source': `/${BUCKET}/source` },
  },
  CreateMultipartUpload: { method: 'POST', path: `/${BUCKET}/key?uploads`, headers: canned },
}
const BUCKET_ACLS: Readonly<Record<string, S3Request>> = {
  'PutBucketAcl with a ready-made ACL': { method: 'PUT', path: `/${BUCKET}?acl`, headers: canned },
  'PutBucketAcl with a document': { method: 'PUT', path: `/${BUCKET}?acl`, body: acl(ALL_USERS) },
}

describe('a public ACL that is being given', () => {
  for (const [title, request] of Object.entries({ ...OBJECT_ACLS, ...BUCKET_ACLS })) {
    it(`is refused when public ACLs are blocked before its commit: ${title}`, async () => {
      const block = (record: BucketRecord) => ({ ...record, publicAccessBlock: BLOCKED })
      assert.equal(codeOf(await landingBefore(BUCKET, block, () => send(request))), '403 AccessDenied')
    })
    it(`is refused when ownership is enforced before its commit: ${title}`, async () => {
      const enforce = (record: BucketRecord) => ({
        ...record,
        objectOwnership: 'BucketOwnerEnforced' as const,
      })
      assert.equal(
        codeOf(await landingBefore(BUCKET, enforce, () => send(request))),
        '400 AccessControlListNotSupported',
      )
    })
    it(`is given when something else is changed before its commit: ${title}`, async () => {
      const tag = (record: BucketRecord) => ({ ...record, tags: [{ key: 'a' }] })
      assert.equal(codeOf(await landingBefore(BUCKET, tag, () => send(request))), 'done')
    })
  }

  it('in a form of nobody in particular is refused likewise', async () => {
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: '*',
          Action: ['s3:PutObject', 's3:PutObjectAcl'],
          Resource: `arn:aws:s3:::${BUCKET}/*`,
        },
      ],
    })
    await change(BUCKET, (record) => ({ ...record, policy }))
    const post = async () => {
      const { headers, body } = form({ key: 'key', acl: 'public-read' })
      const response = await fetch(`${server.url}/${BUCKET}`, {
        method: 'POST',
        headers: headers ?? {},
        body: body ?? '',
      })
      return /<Code>(.*)<\/Code>/.exec(await response.text())?.[1] ?? String(response.status)
    }
    assert.equal(await post(), '204')
    const block = (record: BucketRecord) => ({ ...record, publicAccessBlock: BLOCKED })
    assert.equal(await landingBefore(BUCKET, block, post), 'AccessDenied')
    await change(BUCKET, (record) => ({
      ...record,
      publicAccessBlock: { ...BLOCKED, blockPublicAcls: false },
    }))
    const enforce = (record: BucketRecord) => ({ ...record, objectOwnership: 'BucketOwnerEnforced' as const })
    assert.equal(await landingBefore(BUCKET, enforce, post), 'AccessControlListNotSupported')
  })

  it('of an upload is refused when public ACLs are blocked before the completion commits', async () => {
    const begun = await send({ method: 'POST', path: `/${BUCKET}/key?uploads`, headers: canned })
    const id = /<UploadId>(.*)<\/UploadId>/.exec(begun.body.toString())?.[1] ?? ''
    const part = await send({ method: 'PUT', path: `/${BUCKET}/key?partNumber=1&uploadId=${id}`, body: BODY })
    const etag = String(part.headers['etag'])
    const body = Buffer.from(
      `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`,
    )
    const block = (record: BucketRecord) => ({ ...record, publicAccessBlock: BLOCKED })
    const complete = () => send({ method: 'POST', path: `/${BUCKET}/key?uploadId=${id}`, body })
    assert.equal(codeOf(await landingBefore(BUCKET, block, complete)), '403 AccessDenied')
  })

  it('in a Lightsail bucket is refused when its access rules allow none before the commit', async () => {
    const rules = (allowPublicOverrides: boolean) => (record: BucketRecord) => ({
      ...record,
      accessRules: { getObject: 'private' as const, allowPublicOverrides },
    })
    const put = { method: 'PUT', path: `/${LIGHTSAIL_BUCKET}/key`, headers: canned, body: BODY } as const
    for (const request of [put, { ...put, path: `/${LIGHTSAIL_BUCKET}/key?acl`, body: Buffer.alloc(0) }]) {
      await change(LIGHTSAIL_BUCKET, rules(true))
      assert.equal(codeOf(await send(request)), 'done')
      const outcome = await landingBefore(LIGHTSAIL_BUCKET, rules(false), () => send(request))
      assert.equal(codeOf(outcome), '403 AccessDenied')
    }
  })
})

describe('an object that is being written by another account', () => {
  it("is the bucket owner's when ownership is enforced before its commit", async () => {
    const { rootKey } = await server.createAccount('writer')
    const writer = clientOf(rootKey)
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${BUCKET}/*` },
      ],
    })
    await change(BUCKET, (record) => ({ ...record, policy }))
    const put = () => send({ method: 'PUT', path: `/${BUCKET}/written`, body: BODY }, writer)
    const enforce = (record: BucketRecord) => ({ ...record, objectOwnership: 'BucketOwnerEnforced' as const })
    assert.equal(codeOf(await landingBefore(BUCKET, enforce, put)), 'done')
    const free = ({ objectOwnership: _enforced, ...record }: BucketRecord) => record
    await change(BUCKET, free)
    const shown = await send({ method: 'GET', path: `/${BUCKET}/written?acl` })
    assert.match(shown.body.toString(), new RegExp(`<Owner><ID>${canonicalId}`))
    writer.close()
  })
})

describe('a setting that is being changed', () => {
  const publicPolicy = Buffer.from(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/*` },
      ],
    }),
  )
  const xml = (name: string, content: string) => Buffer.from(`<${name}>${content}</${name}>`)
  const CASES: readonly [
    title: string,
    request: S3Request,
    first: Partial<BucketRecord>,
    landing: Partial<BucketRecord>,
    outcome: string,
  ][] = [
    [
      'a public policy, when public policies are blocked',
      { method: 'PUT', path: `/${BUCKET}?policy`, body: publicPolicy },
      {},
      { publicAccessBlock: BLOCKED },
      '403 AccessDenied',
    ],
    [
      'suspended versioning, when object lock is switched on',
      {
        method: 'PUT',
        path: `/${BUCKET}?versioning`,
        body: xml('VersioningConfiguration', '<Status>Suspended</Status>'),
      },
      { versioning: 'Enabled' },
      { objectLock: { enabled: true } },
      '409 InvalidBucketState',
    ],
    [
      'object lock, when versioning is suspended',
      {
        method: 'PUT',
        path: `/${BUCKET}?object-lock`,
        body: xml('ObjectLockConfiguration', '<ObjectLockEnabled>Enabled</ObjectLockEnabled>'),
      },
      { versioning: 'Enabled' },
      { versioning: 'Suspended' },
      '409 InvalidBucketState',
    ],
    [
      'enforced ownership, when the ACL gives something to others',
      {
        method: 'PUT',
        path: `/${BUCKET}?ownershipControls`,
        body: xml('OwnershipControls', '<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>'),
      },
      {},
      {
        acl: {
          ownerAccountId: 'x',
          grants: [{ grantee: { type: 'group', group: 'AllUsers' }, permission: 'READ' }],
        },
      },
      '400 InvalidBucketAclWithObjectOwnership',
    ],
  ]
  for (const [title, request, first, landing, outcome] of CASES)
    it(`is refused before its commit: ${title}`, async () => {
      await change(BUCKET, (record) => ({ ...record, ...first }))
      assert.equal(codeOf(await send(request)), 'done')
      const again = initial
      assert.ok(again)
      await change(BUCKET, () => ({ ...again, ...first }))
      const land = (record: BucketRecord) => ({ ...record, ...landing })
      assert.equal(codeOf(await landingBefore(BUCKET, land, () => send(request))), outcome)
    })

  it('through Lightsail, versioning is not suspended when object lock is switched on', async () => {
    await change(LIGHTSAIL_BUCKET, (record) => ({ ...record, versioning: 'Enabled' }))
    const suspend = () =>
      updateBucket(
        server.context,
        { accountId, region },
        { bucketName: LIGHTSAIL_BUCKET, versioning: 'Suspended' },
      )
    const lock = (record: BucketRecord) => ({ ...record, objectLock: { enabled: true as const } })
    await assert.rejects(landingBefore(LIGHTSAIL_BUCKET, lock, suspend), {
      kind: 'VersioningNeededByObjectLock',
    })
  })

  it('as the default retention is, it binds what a key is writing', async () => {
    const { accessKey, secretAccessKey } = await createAccessKey(
      server.context,
      { accountId, region },
      LIGHTSAIL_BUCKET,
    )
    const key = clientOf({ accessKeyId: accessKey.accessKeyId, secretAccessKey })
    const retain = (days: number) => (record: BucketRecord) => ({
      ...record,
      versioning: 'Enabled' as const,
      objectLock: { enabled: true as const, defaultRetention: { mode: 'GOVERNANCE' as const, days } },
    })
    await change(LIGHTSAIL_BUCKET, retain(1))
    const put = () =>
      send(
        {
          method: 'PUT',
          path: `/${LIGHTSAIL_BUCKET}/retained`,
          headers: {
            'x-amz-object-lock-mode': 'GOVERNANCE',
            'x-amz-object-lock-retain-until-date': new Date(Date.now() + 2 * 86_400_000).toISOString(),
          },
          body: BODY,
        },
        key,
      )
    assert.equal(codeOf(await put()), 'done')
    assert.equal(codeOf(await landingBefore(LIGHTSAIL_BUCKET, retain(30), put)), '403 AccessDenied')
    key.close()
  })
})
