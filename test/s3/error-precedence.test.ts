import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { presignRequest } from '../../src/auth/presign-request.ts'
import { S3_RULES } from '../../src/auth/service-rules.ts'
import { signRequest } from '../../src/auth/sign-request.ts'
import { createAccessKey } from '../../src/service/access-keys/create-access-key.ts'
import { createBucket } from '../../src/service/buckets/create-bucket.ts'
import { updateBucket } from '../../src/service/buckets/update-bucket.ts'
import type { AccessKeyPair } from '../../src/service/credentials/mint-access-key.ts'
import { startServer, type TestServer } from './start-server.ts'

const REGION = 'us-east-1'
const OWN = 'own-bucket'
const OTHER = 'other-bucket'
const PUBLIC = 'public-bucket'
const DAY_MS = 86_400_000
const GIB = 1024 ** 3

/** A request with at least two faults, or the one fault of its row. Signed with the key of `own-bucket` unless it says otherwise. */
interface FaultyRequest {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** `bucket-key` when absent. */
  readonly as?: 'bucket-key' | 'account' | 'unknown key' | 'anonymous'
  /** Changes the headers after they were signed. */
  readonly spoil?: (headers: Record<string, string>) => void
  /** When it was signed, relative to now. */
  readonly signedMsAgo?: number
  /** That it was signed for; `us-east-1` when absent. */
  readonly region?: string
  /** Signed in its query, for this long. */
  readonly presignedForSeconds?: number
  /** The headers alone are sent, as by a client that goes on when it is told to. */
  readonly withoutBody?: true
}

interface HttpResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Each row of docs/s3-errors.md: what is wrong with a request, what it is answered, and such a request. */
const ROWS: readonly (readonly [wrong: string, response: string, request: FaultyRequest])[] = [
  // Address, operation
  [
    'a path that is not percent-encoded UTF-8; no such bucket',
    '400 InvalidURI',
    { path: '/no-such-bucket/%ff' },
  ],
  [
    'a key of over 1024 bytes; wrong signature; no such bucket',
    '400 KeyTooLongError',
    { path: `/no-such-bucket/${'k'.repeat(1025)}`, spoil: spoilSignature },
  ],
  [
    'a query argument of a feature that is not offered; wrong signature; no such bucket',
    '501 NotImplemented',
    { path: '/no-such-bucket/key?torrent', spoil: spoilSignature },
  ],
  [
    'query arguments of two operations; wrong signature',
    '400 InvalidArgument',
    { path: `/${OWN}/key?acl&tagging`, spoil: spoilSignature },
  ],
  [
    'a method that objects do not have; wrong signature; no such bucket',
    '405 MethodNotAllowed',
    { method: 'PATCH', path: '/no-such-bucket/key', spoil: spoilSignature },
  ],
  // Signature
  [
    'an Authorization header that cannot be read; no such bucket',
    '400 AuthorizationHeaderMalformed',
    {
      path: '/no-such-bucket/key',
      spoil: (headers) => (headers['authorization'] = 'AWS4-HMAC-SHA256 Credential=half'),
    },
  ],
  [
    'an access key that does not exist; no such bucket',
    '403 InvalidAccessKeyId',
    { path: '/no-such-bucket/key', as: 'unknown key' },
  ],
  [
    'signed for another region; wrong signature',
    '400 AuthorizationHeaderMalformed',
    {
      path: `/${OWN}/key`,
      spoil: (headers) => {
        headers['authorization'] = headers['authorization']?.replace(REGION, 'eu-west-1') ?? ''
      },
    },
  ],
  [
    'presigned for another region; expired; an access key that does not exist',
    '400 AuthorizationQueryParametersError',
    {
      path: `/${OWN}/key`,
      as: 'unknown key',
      region: 'eu-west-1',
      presignedForSeconds: 60,
      signedMsAgo: 120_000,
    },
  ],
  [
    'signed an hour ago; an access key that does not exist',
    '403 RequestTimeTooSkewed',
    { path: `/${OWN}/key`, as: 'unknown key', signedMsAgo: DAY_MS / 24 },
  ],
  [
    'signed an hour ago; no such bucket',
    '403 RequestTimeTooSkewed',
    { path: '/no-such-bucket/key', signedMsAgo: DAY_MS / 24 },
  ],
  [
    'a presigned URL that has expired; no such bucket',
    '403 AccessDenied',
    { path: '/no-such-bucket/key', presignedForSeconds: 60, signedMsAgo: 120_000 },
  ],
  [
    'wrong signature; no such bucket',
    '403 SignatureDoesNotMatch',
    { path: '/no-such-bucket/key', spoil: spoilSignature },
  ],
  [
    'wrong signature; no such key',
    '403 SignatureDoesNotMatch',
    { path: `/${OWN}/no-such-key`, spoil: spoilSignature },
  ],
  [
    'a hash of the body that is none; no such bucket',
    '400 InvalidArgument',
    { path: '/no-such-bucket/key', headers: { 'x-amz-content-sha256': 'nonsense' } },
  ],
  // Bucket, access
  ['anonymous; no such bucket', '404 NoSuchBucket', { path: '/no-such-bucket/key', as: 'anonymous' }],
  ["another bucket's key; no such bucket", '404 NoSuchBucket', { path: '/no-such-bucket/key' }],
  [
    'no such bucket; an argument out of range',
    '404 NoSuchBucket',
    { path: '/no-such-bucket?list-type=2&max-keys=-1' },
  ],
  [
    'no such bucket; a document that is not XML',
    '404 NoSuchBucket',
    { method: 'POST', path: '/no-such-bucket?delete', body: '<Delete', as: 'account' },
  ],
  [
    'anonymous; a private bucket; no such key',
    '403 AccessDenied',
    { path: `/${OWN}/no-such-key`, as: 'anonymous' },
  ],
  [
    'anonymous; a bucket whose objects are public; no such key, which only one who may list learns',
    '403 AccessDenied',
    { path: `/${PUBLIC}/no-such-key`, as: 'anonymous' },
  ],
  ["another bucket's key; no such key", '403 AccessDenied', { path: `/${OTHER}/no-such-key` }],
  [
    "another bucket's key; an argument out of range",
    '403 AccessDenied',
    { path: `/${OTHER}?list-type=2&max-keys=-1` },
  ],
  [
    "another bucket's key; a header of a feature that is not offered",
    '403 AccessDenied',
    { method: 'PUT', path: `/${OTHER}/key`, headers: { 'x-amz-write-offset-bytes': '4' } },
  ],
  [
    "another bucket's key; tags in a header that is no list of them",
    '403 AccessDenied',
    { method: 'PUT', path: `/${OTHER}/key`, headers: { 'x-amz-tagging': '=value' } },
  ],
  [
    "a bucket key's request to delete its bucket; the bucket is not empty",
    '403 AccessDenied',
    { method: 'DELETE', path: `/${OWN}` },
  ],
  [
    'the expected owner is another; no such key',
    '403 AccessDenied',
    { path: `/${OWN}/no-such-key`, headers: { 'x-amz-expected-bucket-owner': '000000000000' } },
  ],
  [
    "a bucket key's request to make its own bucket, as rclone sends it",
    '409 BucketAlreadyOwnedByYou',
    { method: 'PUT', path: `/${OWN}` },
  ],
  [
    "a bucket key's request to make another bucket",
    '403 AccessDenied',
    { method: 'PUT', path: '/new-bucket' },
  ],
  [
    'a new bucket with a name that no bucket may have',
    '400 InvalidBucketName',
    { method: 'PUT', path: '/Upper_Case', as: 'account' },
  ],
  // Arguments, headers, documents
  [
    'a header of a feature that is not offered; the precondition fails',
    '501 NotImplemented',
    {
      method: 'PUT',
      path: `/${OWN}/there`,
      headers: { 'x-amz-write-offset-bytes': '4', 'if-none-match': '*' },
    },
  ],
  [
    'a grant that objects do not have; the precondition fails',
    '501 NotImplemented',
    {
      method: 'PUT',
      path: `/${OWN}/there`,
      headers: { 'x-amz-grant-write': 'id="none"', 'if-none-match': '*' },
    },
  ],
  [
    'a version to be written; the precondition fails',
    '400 InvalidArgument',
    { method: 'PUT', path: `/${OWN}/there?versionId=null`, headers: { 'if-none-match': '*' } },
  ],
  [
    'metadata of over 2 KiB; a redirect to nowhere; a Content-MD5 that is none; the precondition fails',
    '400 MetadataTooLarge',
    {
      method: 'PUT',
      path: `/${OWN}/there`,
      headers: {
        'x-amz-meta-much': 'm'.repeat(2049),
        'x-amz-website-redirect-location': 'nowhere',
        'content-md5': 'none',
        'if-none-match': '*',
      },
    },
  ],
  [
    'a public ACL that the access rules leave without effect; the precondition fails',
    '403 AccessDenied',
    {
      method: 'PUT',
      path: `/${OWN}/there`,
      headers: { 'x-amz-acl': 'public-read', 'if-none-match': '*' },
    },
  ],
  [
    'an argument that is no number; no such key',
    '400 InvalidArgument',
    { path: `/${OWN}/no-such-key?partNumber=first` },
  ],
  [
    'a part number out of range; no such upload',
    '400 InvalidArgument',
    { method: 'PUT', path: `/${OWN}/key?partNumber=0&uploadId=none`, body: 'x' },
  ],
  [
    'a version id that is none; no such key',
    '400 InvalidArgument',
    { path: `/${OWN}/no-such-key?versionId=%20` },
  ],
  [
    'a document that is not XML; no such upload',
    '400 MalformedXML',
    { method: 'POST', path: `/${OWN}/key?uploadId=none`, body: '<CompleteMultipartUpload>' },
  ],
  [
    'a document that is not XML; no such key',
    '400 MalformedXML',
    { method: 'PUT', path: `/${OWN}/no-such-key?tagging`, body: '<Tagging>' },
  ],
  [
    'a copy source that names no key; no such bucket as its target',
    '404 NoSuchBucket',
    { method: 'PUT', path: '/no-such-bucket/key', headers: { 'x-amz-copy-source': 'nonsense' } },
  ],
  [
    'a copy source that names no key',
    '400 InvalidArgument',
    { method: 'PUT', path: `/${OWN}/key`, headers: { 'x-amz-copy-source': 'nonsense' } },
  ],
  [
    'a copy source in a bucket that the key does not open; no such key in it',
    '403 AccessDenied',
    { method: 'PUT', path: `/${OWN}/key`, headers: { 'x-amz-copy-source': `/${OTHER}/no-such-key` } },
  ],
  // Body
  [
    'a Content-MD5 that is none; the precondition fails',
    '400 InvalidDigest',
    {
      method: 'PUT',
      path: `/${OWN}/there`,
      body: 'x',
      headers: { 'content-md5': 'nonsense', 'if-none-match': '*' },
    },
  ],
  [
    'a body of over 5 GiB, refused before it is sent; the precondition fails',
    '400 EntityTooLarge',
    {
      method: 'PUT',
      path: `/${OWN}/there`,
      headers: { 'content-length': String(5 * GIB + 1), 'if-none-match': '*' },
      withoutBody: true,
    },
  ],
  [
    'the precondition fails; the body is not the one that was signed',
    '412 PreconditionFailed',
    {
      method: 'PUT',
      path: `/${OWN}/there`,
      body: 'x',
      headers: { 'x-amz-content-sha256': sha256Of('y'), 'if-none-match': '*' },
    },
  ],
  [
    'the body is not the one that was signed',
    '400 XAmzContentSHA256Mismatch',
    { method: 'PUT', path: `/${OWN}/key`, body: 'x', headers: { 'x-amz-content-sha256': sha256Of('y') } },
  ],
  [
    'the body has another MD5',
    '400 BadDigest',
    { method: 'PUT', path: `/${OWN}/key`, body: 'x', headers: { 'content-md5': md5Of('y') } },
  ],
  // Rules
  [
    'no such key; the precondition fails',
    '404 NoSuchKey',
    { path: `/${OWN}/no-such-key`, headers: { 'if-match': '"none"' } },
  ],
  [
    'no such key to write over; the precondition fails',
    '404 NoSuchKey',
    { method: 'PUT', path: `/${OWN}/no-such-key`, body: 'x', headers: { 'if-match': '"none"' } },
  ],
  [
    'no such key; the range lies outside',
    '404 NoSuchKey',
    { path: `/${OWN}/no-such-key`, headers: { range: 'bytes=99-' } },
  ],
  [
    'the precondition fails; the range lies outside',
    '412 PreconditionFailed',
    { path: `/${OWN}/there`, headers: { 'if-match': '"none"', range: 'bytes=99-' } },
  ],
  ['the range lies outside', '416 InvalidRange', { path: `/${OWN}/there`, headers: { range: 'bytes=99-' } }],
  [
    'no such upload; the list of parts is empty',
    '400 MalformedXML',
    {
      method: 'POST',
      path: `/${OWN}/key?uploadId=none`,
      body: '<CompleteMultipartUpload></CompleteMultipartUpload>',
    },
  ],
  [
    'no such upload',
    '404 NoSuchUpload',
    { method: 'PUT', path: `/${OWN}/key?partNumber=1&uploadId=none`, body: 'x' },
  ],
  [
    'an account that deletes its bucket; the bucket is not empty',
    '409 BucketNotEmpty',
    { method: 'DELETE', path: `/${OWN}`, as: 'account' },
  ],
]

let server: TestServer
let account: AccessKeyPair
let bucketKey: AccessKeyPair

before(async () => {
  server = await startServer()
  const created = await server.createAccount('precedence')
  account = created.rootKey
  const caller = { accountId: created.account.accountId, region: REGION }
  for (const bucketName of [OWN, OTHER, PUBLIC])
    await createBucket(server.context, caller, { bucketName, bundleId: 'small_1_0' })
  await updateBucket(server.context, caller, {
    bucketName: PUBLIC,
    accessRules: { getObject: 'public', allowPublicOverrides: false },
  })
  const { accessKey, secretAccessKey } = await createAccessKey(server.context, caller, OWN)
  bucketKey = { accessKeyId: accessKey.accessKeyId, secretAccessKey }
  const put = await send({ method: 'PUT', path: `/${OWN}/there`, body: 'here' })
  assert.equal(put.status, 200)
})
after(() => server.stop())

describe('the first fault of a request decides its response', () => {
  for (const [wrong, expected, request] of ROWS) {
    it(`${wrong}: ${expected}`, async () => {
      const { status, headers, text } = await send(request)
      assert.equal(`${status} ${elementOf(text, 'Code')}`, expected, text)
      assert.equal(headers['content-type'], 'application/xml')
      assert.match(elementOf(text, 'Message'), /./)
      assert.equal(elementOf(text, 'RequestId'), headers['x-amz-request-id'])
      assert.equal(elementOf(text, 'HostId'), headers['x-amz-id-2'])
      assert.equal(elementOf(text, 'Resource'), request.path.split('?')[0])
      const names = [...text.matchAll(/<(\w+)>/g)].map(([, name]) => name)
      assert.deepEqual(names, [...new Set(names)], 'each element comes once')
    })
  }

  it('is what docs/s3-errors.md says, row by row', () => {
    const documented = readFileSync('docs/s3-errors.md', 'utf8')
      .split('\n')
      .filter((line) => /^\| .*`\d{3} \w+` \|$/.test(line.replace(/ +\|/g, ' |')))
      .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
      .map(([, wrong, response]) => [wrong, response])
    assert.deepEqual(
      documented,
      ROWS.map(([wrong, response]) => [wrong, response]),
    )
  })

  it('leaves nothing stored', async () => {
    const { text } = await send({ path: `/${OWN}?list-type=2` })
    assert.deepEqual(
      [...text.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key),
      ['there'],
    )
    assert.deepEqual(server.errors, [])
  })
})

function send(faulty: FaultyRequest): Promise<HttpResponse> {
  const { method = 'GET', body, as = 'bucket-key', spoil, signedMsAgo = 0, presignedForSeconds } = faulty
  const host = `127.0.0.1:${server.port}`
  let { path } = faulty
  let headers: Record<string, string> = {
    host,
    ...((body !== undefined || method === 'PUT') && { 'content-length': String(body?.length ?? 0) }),
    ...faulty.headers,
  }
  const credentials = credentialsOf(as)
  const signing = {
    method,
    url: path,
    rules: S3_RULES,
    region: faulty.region ?? REGION,
    nowMs: Date.now() - signedMsAgo,
  }
  if (credentials !== null && presignedForSeconds !== undefined) {
    path = presignRequest({ ...signing, headers: { host }, credentials, expiresSeconds: presignedForSeconds })
  } else if (credentials !== null) {
    const payloadHash = faulty.headers?.['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD'
    headers = { ...signRequest({ ...signing, headers, payloadHash, credentials }).headers }
  }
  spoil?.(headers)
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      host: '127.0.0.1',
      port: server.port,
      method,
      path,
      headers,
      agent: false,
    })
    outgoing.once('error', reject)
    outgoing.once('response', (incoming) => {
      let text = ''
      incoming.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      incoming.once('end', () => {
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text })
        outgoing.destroy()
      })
    })
    if (faulty.withoutBody) outgoing.flushHeaders()
    else outgoing.end(body)
  })
}

function credentialsOf(as: NonNullable<FaultyRequest['as']>): AccessKeyPair | null {
  if (as === 'anonymous') return null
  if (as === 'account') return account
  return as === 'unknown key' ? { ...bucketKey, accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' } : bucketKey
}

function spoilSignature(headers: Record<string, string>): void {
  headers['authorization'] = headers['authorization']?.replace(/[0-9a-f]{64}$/, '0'.repeat(64)) ?? ''
}

function elementOf(text: string, name: string): string {
  return new RegExp(`<${name}>(.*?)</${name}>`).exec(text)?.[1] ?? ''
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function md5Of(text: string): string {
  return createHash('md5').update(text).digest('base64')
}
