import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { createAccessKey } from '../../src/service/access-keys/create-access-key.ts'
import { deleteAccessKey } from '../../src/service/access-keys/delete-access-key.ts'
import { createBucket } from '../../src/service/buckets/create-bucket.ts'
import type { AccessKeyPair } from '../../src/service/credentials/mint-access-key.ts'
import { presignVersion2 } from '../harness/presign-version-2.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { startServer, type TestServer } from './start-server.ts'

const BUCKET = 'presigned'
const DOMAIN = 'storage.test'

interface HttpResponse {
  readonly status: number
  readonly code: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

type Presign = Partial<Parameters<typeof presignVersion2>[0]>

let server: TestServer
let caller: { accountId: string; region: 'us-east-1' }
let rootKey: AccessKeyPair
let key: AccessKeyPair
let signed: SignedClient

before(async () => {
  server = await startServer({ domain: DOMAIN })
  const created = await server.createAccount('owner')
  rootKey = created.rootKey
  caller = { accountId: created.account.accountId, region: 'us-east-1' }
  await createBucket(server.context, caller, { bucketName: BUCKET, bundleId: 'small_1_0' })
  key = await bucketKey()
  signed = new SignedClient({ endpoint: server.url, region: 'us-east-1' }, rootKey)
  const body = Buffer.from('there')
  assert.equal((await signed.s3({ method: 'PUT', path: `/${BUCKET}/there`, body })).status, 200)
})
after(async () => {
  signed.close()
  await server.stop()
  assert.deepEqual(server.errors, [])
})

async function bucketKey(): Promise<AccessKeyPair> {
  const { accessKey, secretAccessKey } = await createAccessKey(server.context, caller, BUCKET)
  return { accessKeyId: accessKey.accessKeyId, secretAccessKey }
}

const inAnHour = (): number => Math.floor(Date.now() / 1000) + 3600

const presign = (url: string, more: Presign = {}): string =>
  presignVersion2({ method: 'GET', url, credentials: key, expires: inAnHour(), ...more })

function send(
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Readonly<Record<string, string>>; body?: string } = {},
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        host: '127.0.0.1',
        port: server.port,
        method,
        path,
        headers: { ...headers, ...(method === 'PUT' && { 'content-length': Buffer.byteLength(body) }) },
      },
      (incoming) => {
        let text = ''
        incoming.setEncoding('utf8').on('data', (piece: string) => (text += piece))
        incoming.once('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            code: elementOf(text, 'Code'),
            headers: incoming.headers,
            text,
          }),
        )
      },
    )
    outgoing.once('error', reject)
    outgoing.end(body)
  })
}

const elementOf = (text: string, name: string): string =>
  new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(text)?.[1] ?? ''

async function put(path: string, more: Presign & { body?: string; sent?: Record<string, string> } = {}) {
  const { body = 'body', sent = {}, ...signing } = more
  return await send(presign(path, { method: 'PUT', ...signing }), { method: 'PUT', headers: sent, body })
}

describe('a URL presigned by version 2', () => {
  it('reads, writes, tells of and deletes an object', async () => {
    const path = `/${BUCKET}/written`
    assert.equal((await put(path)).status, 200)
    assert.equal((await send(presign(path))).text, 'body')
    const head = await send(presign(path, { method: 'HEAD' }), { method: 'HEAD' })
    assert.deepEqual([head.status, head.headers['content-length']], [200, '4'])
    const deleted = await send(presign(path, { method: 'DELETE' }), { method: 'DELETE' })
    assert.equal(deleted.status, 204)
    assert.equal((await send(presign(path))).code, 'NoSuchKey')
  })

  it('is good for its method alone', async () => {
    const url = presign(`/${BUCKET}/there`)
    for (const method of ['PUT', 'DELETE'])
      assert.equal((await send(url, { method })).code, 'SignatureDoesNotMatch')
  })

  for (const name of ['a b', 'a+b', 'a%b', 'é/ü', "it's (1)~", '//x', '&=?#'])
    it(`names the object ${JSON.stringify(name)}`, async () => {
      const path = `/${BUCKET}/${name.split('/').map(encodeURIComponent).join('/')}`
      assert.equal((await put(path, { body: name })).status, 200)
      assert.equal((await send(presign(path))).text, name)
      assert.equal((await signed.s3({ method: 'GET', path })).body.toString(), name)
    })

  it('has its path signed as it is sent', async () => {
    const path = `/${BUCKET}/%74here`
    assert.equal((await send(presign(path))).text, 'there')
    assert.equal((await send(presign(path, { resource: `/${BUCKET}/there` }))).code, 'SignatureDoesNotMatch')
  })

  it('names the bucket in its host as well', async () => {
    for (const [host, status] of [
      [`${BUCKET}.${DOMAIN}`, 200],
      [`${BUCKET.toUpperCase()}.s3.us-east-1.${DOMAIN}`, 200],
      [`other.${DOMAIN}`, 403],
    ] as const) {
      const url = presign('/there', { resource: `/${BUCKET}/there` })
      assert.equal((await send(url, { headers: { host } })).status, status, host)
    }
  })

  it('signs sub-resources with their decoded values', async () => {
    const disposition = 'attachment; filename="a&b+c é.txt"'
    const query = `response-content-disposition=${encodeURIComponent(disposition)}&response-content-type=text%2Fcss`
    const resource = `/${BUCKET}/there?response-content-disposition=${disposition}&response-content-type=text/css`
    const { status, headers } = await send(presign(`/${BUCKET}/there?${query}`, { resource }))
    assert.deepEqual([status, headers['content-type']], [200, 'text/css'])
    assert.equal(headers['content-disposition'], disposition)
    const undressed = presign(`/${BUCKET}/there`)
    assert.equal((await send(`${undressed}&${query}`)).code, 'SignatureDoesNotMatch')
  })

  it('opens versions, ACLs, tags and uploads', async () => {
    const acl = await send(presign(`/${BUCKET}/there?acl`, { resource: `/${BUCKET}/there?acl` }))
    assert.match(acl.text, /AccessControlPolicy/)
    const version = `/${BUCKET}/there?versionId=null`
    assert.equal((await send(presign(version, { resource: version }))).text, 'there')
    const begin = presign(`/${BUCKET}/parts?uploads`, {
      method: 'POST',
      resource: `/${BUCKET}/parts?uploads`,
    })
    const uploadId = elementOf((await send(begin, { method: 'POST' })).text, 'UploadId')
    assert.notEqual(uploadId, '')
    const part = `/${BUCKET}/parts?partNumber=1&uploadId=${encodeURIComponent(uploadId)}`
    const { headers } = await put(part, { resource: `/${BUCKET}/parts?partNumber=1&uploadId=${uploadId}` })
    const etag = headers.etag ?? ''
    const end = `/${BUCKET}/parts?uploadId=${encodeURIComponent(uploadId)}`
    const completed = await send(
      presign(end, { method: 'POST', resource: `/${BUCKET}/parts?uploadId=${uploadId}` }),
      {
        method: 'POST',
        body: `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`,
      },
    )
    assert.match(completed.text, /CompleteMultipartUploadResult/)
  })

  it('carries Amazon’s headers and the type of content in its query, as botocore writes it', async () => {
    const headers = { 'x-amz-meta-note': 'two  blanks', 'x-amz-tagging': 'a=b', 'content-type': 'text/plain' }
    const path = `/${BUCKET}/carried?${new URLSearchParams(headers).toString()}`
    const resource = `/${BUCKET}/carried`
    assert.equal((await put(path, { headers, resource })).status, 200)
    const sent = await put(path, { headers, resource, sent: { 'Content-Type': 'text/plain' } })
    assert.equal(sent.status, 200)
    const read = await send(presign(`/${BUCKET}/carried`))
    assert.deepEqual(
      [read.headers['content-type'], read.headers['x-amz-meta-note'], read.headers['x-amz-tagging-count']],
      ['text/plain', 'two  blanks', '1'],
    )
    const other = await put(path, { headers, resource, sent: { 'Content-Type': 'text/html' } })
    assert.equal(other.code, 'SignatureDoesNotMatch')
  })

  it('covers the headers that are sent beside it', async () => {
    const headers = { 'x-amz-meta-a': '1', 'content-md5': md5Of('body') }
    const path = `/${BUCKET}/covered`
    assert.equal((await put(path, { headers, sent: headers })).status, 200)
    assert.equal((await put(path, { headers, sent: headers, body: 'ydob' })).code, 'BadDigest')
    for (const sent of [
      { 'content-md5': md5Of('body') },
      { ...headers, 'x-amz-meta-b': '2' },
      { ...headers, 'content-type': 'text/plain' },
      { ...headers, 'x-amz-copy-source': `${BUCKET}/there` },
    ] as Record<string, string>[])
      assert.equal((await put(path, { headers, sent })).code, 'SignatureDoesNotMatch', JSON.stringify(sent))
  })

  it('does not change what it does by an argument that it does not sign', async () => {
    const refused: readonly (readonly [method: string, target: string, query: string])[] = [
      ...['attributes', 'retention', 'legal-hold', 'x-id=1&retention'].map(
        (query) => ['GET', 'there', query] as const,
      ),
      ...['prefix=a', 'max-keys=1', 'list-type=2', 'delimiter=/', 'marker=a', 'encoding-type=url'].map(
        (query) => ['GET', '', query] as const,
      ),
      ...['encryption', 'publicAccessBlock', 'ownershipControls', 'list-type=2&list-type=2'].map(
        (query) => ['GET', '', query] as const,
      ),
      ...['retention', 'legal-hold'].map((query) => ['PUT', 'there', query] as const),
    ]
    for (const [method, target, query] of refused) {
      const url = presign(`/${BUCKET}/${target}`, { method, credentials: rootKey })
      const { status, code, text } = await send(`${url}&${query}`, { method })
      assert.deepEqual([status, code], [400, 'InvalidArgument'], query)
      assert.match(text, /AWS4-HMAC-SHA256/, query)
    }
    // What means nothing to S3 is passed over.
    assert.equal((await send(`${presign(`/${BUCKET}/there`)}&utm_source=mail`)).text, 'there')
  })

  it('is refused where its text could stand for another request', async () => {
    const value = 'text/plain&versionId=null'
    const { status, code } = await send(
      presign(`/${BUCKET}/there?response-content-type=${encodeURIComponent(value)}`, {
        resource: `/${BUCKET}/there?response-content-type=${value}`,
      }),
    )
    assert.deepEqual([status, code], [400, 'InvalidArgument'])
    for (const name of ['Expires', 'Signature', 'AWSAccessKeyId', 'versionId', 'x-amz-acl']) {
      const twice = `${presign(`/${BUCKET}/there?versionId=null&x-amz-acl=private`)}&${name}=1`
      assert.equal((await send(twice)).code, 'InvalidArgument', name)
    }
  })

  it('lists a bucket as a whole, signed with a slash or without one', async () => {
    for (const resource of [`/${BUCKET}`, `/${BUCKET}/`])
      assert.match((await send(presign(`/${BUCKET}`, { resource }))).text, /<Key>there<\/Key>/)
    assert.equal((await send(presign(`/${BUCKET}`, { resource: '/other' }))).code, 'SignatureDoesNotMatch')
  })

  it('lists the buckets of an account', async () => {
    const { text } = await send(presign('/', { credentials: rootKey }))
    assert.match(text, new RegExp(`<Name>${BUCKET}</Name>`))
  })

  it('makes no bucket, since it names no region', async () => {
    const url = presign('/made-by-version-2', { method: 'PUT', credentials: rootKey })
    const { status, code, text } = await send(url, { method: 'PUT' })
    assert.deepEqual([status, code], [400, 'InvalidRequest'])
    assert.match(text, /Please use AWS4-HMAC-SHA256\./)
    assert.equal((await signed.s3({ method: 'HEAD', path: '/made-by-version-2' })).status, 404)
  })

  it('is refused after its time in S3’s words', async () => {
    const { status, code, text } = await send(presign(`/${BUCKET}/there`, { expires: 1_700_000_000 }))
    assert.deepEqual([status, code], [403, 'AccessDenied'])
    assert.equal(elementOf(text, 'Message'), 'Request has expired')
    assert.equal(elementOf(text, 'Expires'), '2023-11-14T22:13:20Z')
    assert.match(elementOf(text, 'ServerTime'), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  })

  for (const [what, expires] of [
    ['a word', 'soon'],
    ['a time after 2038', 2 ** 31],
    ['a negative number', -1],
    ['a fraction', 1.5],
  ] as const)
    it(`is refused with ${what} as its Expires`, async () => {
      const { status, code, text } = await send(presign(`/${BUCKET}/there`, { expires }))
      assert.deepEqual([status, code], [403, 'AccessDenied'])
      assert.equal(elementOf(text, 'Message'), `Invalid date (should be seconds since epoch): ${expires}`)
    })

  it('is good until 2038 at the latest, as in S3', async () => {
    assert.equal((await send(presign(`/${BUCKET}/there`, { expires: 2 ** 31 - 1 }))).text, 'there')
  })

  it('is refused where a part of the signature is missing', async () => {
    const url = new URL(presign(`/${BUCKET}/there`), server.url)
    for (const name of ['Expires', 'AWSAccessKeyId']) {
      const without = new URL(url)
      without.searchParams.delete(name)
      const { status, code, text } = await send(without.pathname + without.search)
      assert.deepEqual([status, code], [403, 'AccessDenied'])
      assert.match(text, /requires the Signature, Expires and AWSAccessKeyId parameters/)
    }
  })

  it('is refused beside another signature', async () => {
    const url = presign(`/${BUCKET}/there`)
    for (const { status, code, text } of [
      await send(url, { headers: { authorization: 'AWS a:b' } }),
      await send(`${url}&X-Amz-Algorithm=AWS4-HMAC-SHA256`),
    ]) {
      assert.deepEqual([status, code], [400, 'InvalidArgument'])
      assert.match(text, /Only one auth mechanism allowed/)
    }
  })

  it('is refused with a wrong secret, and shown what was to be signed, but no customer key', async () => {
    const credentials = { ...key, secretAccessKey: 'wrong' }
    const wrong = await send(presign(`/${BUCKET}/there`, { credentials, expires: 2_000_000_000 }))
    assert.deepEqual([wrong.status, wrong.code], [403, 'SignatureDoesNotMatch'])
    assert.equal(elementOf(wrong.text, 'StringToSign'), `GET\n\n\n2000000000\n/${BUCKET}/there`)
    const secret = await send(presign(`/${BUCKET}/there`, { credentials }), {
      headers: { 'x-amz-server-side-encryption-customer-key': 'c2VjcmV0' },
    })
    assert.equal(secret.code, 'SignatureDoesNotMatch')
    assert.doesNotMatch(secret.text, /c2VjcmV0/)
  })

  it('is refused with a token, since keys here have none', async () => {
    const headers = { 'x-amz-security-token': 'token' }
    const { code } = await send(
      presign(`/${BUCKET}/there?x-amz-security-token=token`, { headers, resource: `/${BUCKET}/there` }),
    )
    assert.equal(code, 'InvalidToken')
  })

  it('opens by a bucket key its own bucket alone, and nothing once the key is deleted', async () => {
    await createBucket(server.context, caller, { bucketName: 'another', bundleId: 'small_1_0' })
    assert.equal((await send(presign('/another/there'))).code, 'AccessDenied')
    const second = await bucketKey()
    const url = presign(`/${BUCKET}/there`, { credentials: second })
    assert.equal((await send(url)).status, 200)
    const use = (await server.context.accessKeyUses.read([second.accessKeyId])).get(second.accessKeyId)
    assert.deepEqual([use?.region, use?.serviceName], ['us-east-1', 's3'])
    await deleteAccessKey(server.context, caller, BUCKET, second.accessKeyId)
    assert.equal((await send(url)).code, 'InvalidAccessKeyId')
  })

  it('is what policies call AWS, by query, without an age', async () => {
    const deny = (condition: object) => ({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${BUCKET}/*`,
      Condition: condition,
    })
    const url = presign(`/${BUCKET}/there`, { credentials: rootKey })
    for (const [condition, status] of [
      [{ StringEquals: { 's3:signatureversion': 'AWS' } }, 403],
      [{ StringNotEquals: { 's3:signatureversion': 'AWS4-HMAC-SHA256' } }, 403],
      [{ StringEquals: { 's3:authType': 'REST-QUERY-STRING' } }, 403],
      [{ NumericGreaterThan: { 's3:signatureAge': '0' } }, 200],
      [{ Null: { 's3:signatureAge': 'true' } }, 403],
      [{ StringEquals: { 's3:signatureversion': 'AWS4-HMAC-SHA256' } }, 200],
    ] as const) {
      const body = Buffer.from(JSON.stringify({ Version: '2012-10-17', Statement: [deny(condition)] }))
      const set = await signed.s3({ method: 'PUT', path: `/${BUCKET}?policy`, body })
      assert.equal(set.status, 204, set.body.toString())
      assert.equal((await send(url)).status, status, JSON.stringify(condition))
    }
    assert.equal((await signed.s3({ method: 'DELETE', path: `/${BUCKET}?policy` })).status, 204)
  })

  it('is refused in a header, with a word on how to sign instead', async () => {
    const { status, code, text } = await send(`/${BUCKET}/there`, {
      headers: { authorization: `AWS ${key.accessKeyId}:c2lnbmF0dXJl`, date: new Date().toUTCString() },
    })
    assert.deepEqual([status, code], [400, 'InvalidRequest'])
    assert.match(
      text,
      /The authorization mechanism you have provided is not supported\. Please use AWS4-HMAC-SHA256\./,
    )
    assert.match(text, /s3v4/)
  })

  it('means nothing where the access key id stands alone, as in S3', async () => {
    assert.equal((await send(`/${BUCKET}/there?AWSAccessKeyId=${key.accessKeyId}`)).code, 'AccessDenied')
  })
})

describe('a server that counts wrong signatures', () => {
  it('counts those of version 2, and then looks at no more but by keys that were right', async () => {
    const counting = await startServer({ failedSignaturesPerMinuteMax: 5 })
    try {
      const created = await counting.createAccount('owner')
      const own = { accountId: created.account.accountId, region: 'us-east-1' } as const
      await createBucket(counting.context, own, { bucketName: BUCKET, bundleId: 'small_1_0' })
      const codeOf = async (credentials: AccessKeyPair): Promise<string> => {
        const answer = await fetch(counting.url + presign(`/${BUCKET}/none`, { credentials }))
        return elementOf(await answer.text(), 'Code')
      }
      const right = created.rootKey
      const unknown = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'none' }
      const wrong = { ...right, secretAccessKey: 'wrong' }
      assert.equal(await codeOf(unknown), 'InvalidAccessKeyId')
      assert.equal(await codeOf(right), 'NoSuchKey')
      for (let count = 0; count < 4; count++) assert.equal(await codeOf(wrong), 'SignatureDoesNotMatch')
      assert.equal(await codeOf(unknown), 'SlowDown')
      assert.equal(await codeOf(right), 'NoSuchKey')
    } finally {
      await counting.stop()
    }
  })
})

describe('a server that refuses version 2', () => {
  it('says how to sign with version 4', async () => {
    const strict = await startServer({ refusesPresignedVersion2: true })
    try {
      const response = await fetch(`${strict.url}${presign(`/${BUCKET}/there`)}`)
      const text = await response.text()
      assert.deepEqual([response.status, elementOf(text, 'Code')], [400, 'InvalidRequest'])
      assert.match(text, /Please use AWS4-HMAC-SHA256\..*signature_version=\S*s3v4.*aws configure set/)
    } finally {
      await strict.stop()
    }
  })
})

const md5Of = (text: string): string => createHash('md5').update(text).digest('base64')
