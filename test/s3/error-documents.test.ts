import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { createAccessKey } from '../../src/service/access-keys/create-access-key.ts'
import { createBucket } from '../../src/service/buckets/create-bucket.ts'
import { SignedClient, type HttpResponse, type S3Request } from '../harness/signed-client.ts'
import { startServer, type TestServer } from './start-server.ts'

// What clients match on: status, headers and every byte of the document, but for what differs from run to run. The rows are
// held against error-documents.json.

type Documents = Readonly<Record<string, readonly [status: number, headers: readonly string[], body: string]>>
const EXPECTED = JSON.parse(
  readFileSync(new URL('error-documents.json', import.meta.url), 'utf8'),
) as Documents

const REGION = 'us-east-1'
const SSE_C = 'x-amz-server-side-encryption-customer-'
const customerKey = (fill: number): Record<string, string> => {
  const key = Buffer.alloc(32, fill)
  return {
    [`${SSE_C}algorithm`]: 'AES256',
    [`${SSE_C}key`]: key.toString('base64'),
    [`${SSE_C}key-md5`]: createHash('md5').update(key).digest('base64'),
  }
}

let server: TestServer
let owner: SignedClient
let other: SignedClient
let bucketKey: SignedClient
/** What differs from run to run, and the word that stands for it. */
const variables = new Map<string, string>()

const xmlOf = (response: HttpResponse, name: string): string =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(response.body.toString())?.[1] ?? ''

async function done(client: SignedClient, request: S3Request): Promise<HttpResponse> {
  const response = await client.s3(filled(request))
  assert(response.status < 300, `${request.method} ${request.path}: ${response.body.toString()}`)
  return response
}

const put = (path: string, text = '', headers: Record<string, string> = {}): S3Request => ({
  method: 'PUT',
  path,
  headers,
  body: Buffer.from(text),
})
const get = (path: string, headers: Record<string, string> = {}): S3Request => ({
  method: 'GET',
  path,
  headers,
})
const remove = (path: string, headers: Record<string, string> = {}): S3Request => ({
  method: 'DELETE',
  path,
  headers,
})
const post = (path: string, text: string, headers: Record<string, string> = {}): S3Request => ({
  method: 'POST',
  path,
  headers,
  body: Buffer.from(text),
})

const ENABLED = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>'
const SUSPENDED = ENABLED.replace('Enabled', 'Suspended')
const UNTIL = '2100-01-01T00:00:00Z'
const retention = (mode: string, until: string): string =>
  `<Retention><Mode>${mode}</Mode><RetainUntilDate>${until}</RetainUntilDate></Retention>`
const rule = (text: string): string =>
  `<LifecycleConfiguration><Rule><ID>one</ID><Status>Enabled</Status>${text}</Rule></LifecycleConfiguration>`
const tagging = (...tags: readonly (readonly [string, string])[]): string =>
  `<Tagging><TagSet>${tags.map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`).join('')}</TagSet></Tagging>`
const part = (number: number, etag: string): string =>
  `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`
const completion = (...parts: readonly string[]): string =>
  `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`

before(async () => {
  server = await startServer({ newBucketDefaults: 'legacy' })
  const [mine, others] = [await server.createAccount('owner'), await server.createAccount('other')]
  const clientOf = (pair: typeof mine.rootKey) =>
    new SignedClient({ endpoint: server.url, region: REGION }, pair)
  owner = clientOf(mine.rootKey)
  other = clientOf(others.rootKey)
  const caller = { accountId: mine.account.accountId, region: REGION }
  await createBucket(server.context, caller, { bucketName: 'lightsail', bundleId: 'small_1_0' })
  const { accessKey, secretAccessKey } = await createAccessKey(server.context, caller, 'lightsail')
  const pair = { accessKeyId: accessKey.accessKeyId, secretAccessKey }
  bucketKey = clientOf(pair)
  variables.set(pair.accessKeyId, 'KEY')
  variables.set(mine.account.canonicalUserId, 'OWNER')

  await done(owner, put('/plain'))
  await done(owner, put('/plain/key', 'some bytes'))
  await done(owner, put('/plain/secret', 'some bytes', customerKey(1)))
  await done(owner, put('/versioned'))
  await done(owner, put('/versioned?versioning', ENABLED))
  await done(owner, put('/versioned/gone', 'some bytes'))
  const marker = await done(owner, remove('/versioned/gone'))
  variables.set(String(marker.headers['x-amz-version-id']), 'MARKER')
  await done(owner, put('/locked', '', { 'x-amz-bucket-object-lock-enabled': 'true' }))
  const held = await done(owner, put('/locked/held', 'some bytes', { 'x-amz-object-lock-legal-hold': 'ON' }))
  variables.set(String(held.headers['x-amz-version-id']), 'HELD')
  const kept = await done(
    owner,
    put('/locked/kept', 'some bytes', {
      'x-amz-object-lock-mode': 'COMPLIANCE',
      'x-amz-object-lock-retain-until-date': UNTIL,
    }),
  )
  variables.set(String(kept.headers['x-amz-version-id']), 'KEPT')
  const upload = await done(owner, post('/plain/parts?uploads', ''))
  variables.set(xmlOf(upload, 'UploadId'), 'UPLOAD')
  const one = await done(owner, put('/plain/parts?partNumber=1&uploadId=UPLOAD', 'one'))
  variables.set(String(one.headers.etag).replaceAll('"', ''), 'ETAG')
  await done(owner, put('/plain/parts?partNumber=2&uploadId=UPLOAD', 'two'))
  const summed = await done(
    owner,
    post('/plain/summed?uploads', '', { 'x-amz-checksum-algorithm': 'SHA256' }),
  )
  variables.set(xmlOf(summed, 'UploadId'), 'SUMMED')
})

after(async () => {
  await server.stop()
  assert.deepEqual(server.errors, [])
})

/** The request with the words of `variables` replaced by what they stand for. */
function filled({ path, body, ...request }: S3Request): S3Request {
  const fill = (text: string): string =>
    [...variables].reduce((filledText, [value, word]) => filledText.replaceAll(word, value), text)
  const bytes = body && Buffer.from(fill(Buffer.from(body).toString()))
  return {
    ...request,
    path: fill(path),
    ...(bytes && {
      body: bytes,
      headers: { 'content-md5': createHash('md5').update(bytes).digest('base64'), ...request.headers },
    }),
  }
}

/** The response with words in place of what differs from run to run. */
function pinned({ status, rawHeaders, body }: HttpResponse): Documents[string] {
  const hide = (text: string): string => {
    let hidden = text
      .replace(/<(RequestId|HostId)>.*?<\/\1>/g, '')
      .replace(/(Request|Server)Time>[^<]*</g, '$1Time>…<')
    for (const [value, word] of variables) hidden = hidden.replaceAll(value, word)
    return hidden
  }
  const headers: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = String(rawHeaders[at])
    if (/^(?:date|x-amz-request-id|x-amz-id-2|content-length|connection|keep-alive|server)$/i.test(name))
      continue
    headers.push(`${name}: ${name === 'Last-Modified' ? '…' : hide(String(rawHeaders[at + 1]))}`)
  }
  return [status, headers, hide(body.toString())]
}

type As = 'owner' | 'other' | 'bucket key'
const ROWS: readonly (readonly [title: string, request: S3Request, as?: As])[] = [
  ['no such bucket', get('/no-such-bucket/key')],
  ['another account', get('/plain/key'), 'other'],
  ["another bucket's key", get('/plain/key'), 'bucket key'],
  ['a key of its bucket that asks for more', put('/lightsail?policy', '{}'), 'bucket key'],
  ['a bucket made twice', put('/plain?', '<CreateBucketConfiguration/>'), 'other'],
  ['a bucket name that is none', put('/No')],
  ['a bucket that is not empty', remove('/plain')],
  ['no such key', get('/plain/no%20such%26key')],
  ['HEAD of no such key', { method: 'HEAD', path: '/plain/none' }],
  ['no such version', get('/versioned/gone?versionId=null')],
  ['a version id that is none', get('/versioned/gone?versionId=none')],
  ['a delete marker on top', get('/versioned/gone')],
  ['a delete marker by its id', get('/versioned/gone?versionId=MARKER')],
  ['a copy of nothing', put('/plain/copy', '', { 'x-amz-copy-source': '/plain/none' })],
  ['a copy onto itself', put('/plain/key', '', { 'x-amz-copy-source': '/plain/key' })],
  [
    'a copy whose source is not as wanted',
    put('/plain/copy', '', { 'x-amz-copy-source': '/plain/key', 'x-amz-copy-source-if-match': '"none"' }),
  ],
  ['a copy from no bucket', put('/plain/copy', '', { 'x-amz-copy-source': '/no-such-bucket/key' })],
  ['If-Match on a read', get('/plain/key', { 'if-match': '"none"' })],
  [
    'If-Unmodified-Since on a read',
    get('/plain/key', { 'if-unmodified-since': 'Sat, 01 Jan 2000 00:00:00 GMT' }),
  ],
  ['If-Match of nothing', put('/plain/none', 'x', { 'if-match': '"none"' })],
  ['If-None-Match of what is there', put('/plain/key', 'x', { 'if-none-match': '*' })],
  ['a delete with If-Match', remove('/plain/key', { 'if-match': '"none"' })],
  ['a range beyond the object', get('/plain/key', { range: 'bytes=100-' })],
  ['a part that is not there', get('/plain/key?partNumber=3')],
  ['a key of 1,025 bytes', put(`/plain/${'k'.repeat(1025)}`, 'x')],
  ['a storage class that is none', put('/plain/key', 'x', { 'x-amz-storage-class': 'NONE' })],
  ['metadata over 2 KiB', put('/plain/key', 'x', { 'x-amz-meta-much': 'm'.repeat(2049) })],
  [
    'an MD5 that is not that of the body',
    put('/plain/key', 'x', { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' }),
  ],
  [
    'a body over 5 GiB',
    put('/plain/key', '', { 'content-length': String(5 * 1024 ** 3 + 1), expect: '100-continue' }),
  ],
  ['no key of SSE-C', get('/plain/secret')],
  ['another key of SSE-C', get('/plain/secret', customerKey(2))],
  ['a key of SSE-C for nothing', get('/plain/key', customerKey(1))],
  ['a page below 0', get('/plain?list-type=2&max-keys=-1')],
  ['a continuation token that is none', get('/plain?list-type=2&continuation-token=none')],
  ['a version marker without a key marker', get('/plain?versions&version-id-marker=null')],
  ['a version marker that is none', get('/plain?versions&key-marker=k&version-id-marker=none')],
  ['a version under legal hold', remove('/locked/held?versionId=HELD')],
  ['a retained version', remove('/locked/kept?versionId=KEPT')],
  ['a retention made weaker', put('/locked/kept?retention', retention('GOVERNANCE', UNTIL))],
  ['a retention in the past', put('/locked/held?retention', retention('GOVERNANCE', '2000-01-01T00:00:00Z'))],
  ['a lock in a bucket without', get('/plain/key?retention')],
  ['no retention', get('/locked/held?retention')],
  ['versioning suspended under object lock', put('/locked?versioning', SUSPENDED)],
  [
    'object lock without versioning',
    put(
      '/plain?object-lock',
      '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>',
    ),
  ],
  ['no policy', get('/plain?policy')],
  ['a policy that is no JSON', put('/plain?policy', 'policy')],
  ['a policy with an unknown field', put('/plain?policy', '{"Statement":[],"Other":1}')],
  ['no CORS rules', get('/plain?cors')],
  [
    'a CORS rule with an unknown method',
    put(
      '/plain?cors',
      '<CORSConfiguration><CORSRule><AllowedMethod>PATCH</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>',
    ),
  ],
  ['no tags', get('/plain?tagging')],
  ['a reserved tag', put('/plain?tagging', tagging(['aws:a', 'b']))],
  [
    'eleven tags',
    put('/plain/key?tagging', tagging(...Array.from({ length: 11 }, (_, at) => [`k${at}`, ''] as const))),
  ],
  ['a tag twice', put('/plain/key?tagging', tagging(['a', '1'], ['a', '2']))],
  ['no lifecycle', get('/plain?lifecycle')],
  ['a lifecycle rule without an action', put('/plain?lifecycle', rule('<Filter/>'))],
  [
    'a lifecycle rule of 0 days',
    put('/plain?lifecycle', rule('<Filter/><Expiration><Days>0</Days></Expiration>')),
  ],
  [
    'a lifecycle rule with two times',
    put('/plain?lifecycle', rule(`<Filter/><Expiration><Days>1</Days><Date>${UNTIL}</Date></Expiration>`)),
  ],
  [
    'a log destination that is not there',
    put(
      '/plain?logging',
      '<BucketLoggingStatus><LoggingEnabled><TargetBucket>no-such-bucket</TargetBucket><TargetPrefix/></LoggingEnabled></BucketLoggingStatus>',
    ),
  ],
  [
    'an ACL with BucketOwnerEnforced',
    put('/enforced', '', { 'x-amz-object-ownership': 'BucketOwnerEnforced', 'x-amz-acl': 'public-read' }),
  ],
  ['an ACL without effect', put('/lightsail/key', 'x', { 'x-amz-acl': 'public-read' })],
  [
    'an ACL of a kind that Lightsail has not',
    put('/lightsail/key', 'x', { 'x-amz-acl': 'authenticated-read' }),
  ],
  ['no such upload', put('/plain/parts?partNumber=1&uploadId=none', 'x')],
  ['part 0', put('/plain/parts?partNumber=0&uploadId=UPLOAD', 'x')],
  ['a part with another checksum', put('/plain/summed?partNumber=1&uploadId=SUMMED', 'x')],
  [
    'a part copied from beyond',
    put('/plain/parts?partNumber=1&uploadId=UPLOAD', '', {
      'x-amz-copy-source': '/plain/key',
      'x-amz-copy-source-range': 'bytes=0-99',
    }),
  ],
  ['parts out of order', post('/plain/parts?uploadId=UPLOAD', completion(part(2, 'ETAG'), part(1, 'ETAG')))],
  ['no parts', post('/plain/parts?uploadId=UPLOAD', completion())],
  ['a part below 1', post('/plain/parts?uploadId=UPLOAD', completion(part(0, 'ETAG')))],
  ['a part of another ETag', post('/plain/parts?uploadId=UPLOAD', completion(part(2, 'ETAG')))],
  [
    'a part too small',
    post(
      '/plain/parts?uploadId=UPLOAD',
      completion(part(1, 'ETAG'), part(2, '"b8a9f715dbb64fd5c56e7783c6820a61"')),
    ),
  ],
  [
    'another size than expected',
    post('/plain/parts?uploadId=UPLOAD', completion(part(1, 'ETAG')), { 'x-amz-mp-object-size': '5' }),
  ],
  [
    'a batch in which some may not go',
    post(
      '/locked?delete',
      '<Delete><Object><Key>held</Key><VersionId>HELD</VersionId></Object><Object><Key>kept</Key><VersionId>none</VersionId></Object><Object><Key>none</Key><ETag>x</ETag></Object></Delete>',
      { 'x-amz-checksum-algorithm': 'CRC32' },
    ),
  ],
  ['a batch of none', post('/plain?delete', '<Delete/>')],
  ['a document that is no XML', put('/plain?versioning', 'no XML')],
  ['no document', put('/plain?versioning')],
  ['a lock without a date', put('/locked/new', 'x', { 'x-amz-object-lock-mode': 'GOVERNANCE' })],
  [
    'a retention without a date',
    put('/locked/held?retention', '<Retention><Mode>GOVERNANCE</Mode></Retention>'),
  ],
  [
    'a key of SSE-C beside SSE-S3',
    put('/plain/key', 'x', { ...customerKey(1), 'x-amz-server-side-encryption': 'AES256' }),
  ],
  [
    'a redirect of 2,049 characters',
    put('/plain/key', 'x', { 'x-amz-website-redirect-location': `/${'a'.repeat(2048)}` }),
  ],
  ['a redirect to nowhere', put('/plain/key', 'x', { 'x-amz-website-redirect-location': 'nowhere' })],
  ['a method that buckets do not have', { method: 'PATCH', path: '/plain' }],
]

describe("S3's response to", () => {
  for (const [title, request, as = 'owner'] of ROWS)
    it(title, async () => {
      const client = { owner, other, 'bucket key': bucketKey }[as]
      assert.deepEqual(pinned(await client.s3(filled(request))), EXPECTED[title])
    })

  it('each row is pinned, and nothing else', () => {
    assert.deepEqual(
      Object.keys(EXPECTED),
      ROWS.map(([title]) => title),
    )
  })
})
