import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { EMPTY_SHA256 } from '../../src/auth/payload-hash.ts'
import { presignRequest } from '../../src/auth/presign-request.ts'
import { errorCodeOf, exchangeBytes, statusesOf } from '../harness/raw-connection.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { SignedClient, type S3Request } from '../harness/signed-client.ts'

const BUCKET = 'read-once'
const OBJECT = `/${BUCKET}/contract`
const CONTENT = 'the whole contract'

describe('a request that says two things', () => {
  let server: RunningServer
  let client: SignedClient

  before(async () => {
    server = await startServer()
    client = new SignedClient(server, server.credentials)
    const made = await client.lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })
    assert.equal(made.status, 200)
    await client.s3({ method: 'PUT', path: OBJECT, body: Buffer.from(CONTENT) })
  })
  after(async () => {
    client.close()
    await server.stop()
  })

  const hostOf = () => new URL(server.endpoint).host
  const presigned = (method: string, url: string, headers: Readonly<Record<string, string>> = {}) =>
    presignRequest({
      method,
      url,
      headers: { host: hostOf(), ...headers },
      credentials: server.credentials,
      region: server.region,
      nowMs: Date.now(),
      expiresSeconds: 60,
    })
  const send = async (
    method: string,
    url: string,
    headers: Readonly<Record<string, string>> = {},
    body = '',
  ) => {
    const lines = Object.entries({ host: hostOf(), 'content-length': String(body.length), ...headers })
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    const received = await exchangeBytes(
      server.endpoint,
      `${method} ${url} HTTP/1.1\r\n${head}connection: close\r\n\r\n${body}`,
    )
    return { status: statusesOf(received).join(), code: errorCodeOf(received), received }
  }
  /** A signed request with lines put behind its headers, or with another body than was signed. */
  const altered = async (draft: S3Request, change: (head: string) => string) => {
    const head = change(client.headOf({ ...draft, headers: { connection: 'close', ...draft.headers } }))
    const received = await exchangeBytes(server.endpoint, head)
    return `${statusesOf(received).join()} ${errorCodeOf(received)}`
  }
  const behind = (lines: string) => (head: string) => head.replace(/\r\n\r\n$/, `\r\n${lines}\r\n\r\n`)
  const content = async () => (await client.s3({ method: 'GET', path: OBJECT })).body.toString()

  const padded: readonly (readonly [method: string, query: string])[] = [
    ['GET', 'tagging'],
    ['PUT', 'tagging'],
    ['PUT', 'partNumber=1&uploadId=u'],
    ['DELETE', 'uploadId=u'],
    ['GET', 'versionId=null'],
  ]
  for (const [method, query] of padded)
    it(`is refused when empty arguments stand in a presigned URL: ${method} ?${query}`, async () => {
      const url = presigned(method, `${OBJECT}?${query}`)
      for (const padding of ['&', '&'.repeat(65), '&'.repeat(300)])
        for (const other of [
          url.replace('?', `?${padding}`),
          url.replace('&', `&${padding}`),
          url + padding,
        ]) {
          const { status, code, received } = await send(method, other)
          assert.equal(`${status} ${code}`, '400 InvalidURI', received)
        }
      assert.equal(await content(), CONTENT)
    })

  it('is refused when an argument that means something comes twice, even when it was signed so', async () => {
    for (const query of [
      'prefix=a&prefix=b',
      'list-type=2&list-type=2',
      'tagging&tagging',
      'delete&delete',
    ]) {
      const url = presigned('POST', `/${BUCKET}?${query}`)
      assert.equal((await send('POST', url)).code, 'InvalidArgument', query)
      const response = await client.s3({ method: 'GET', path: `/${BUCKET}?${query}` })
      assert.equal(
        `${response.status} ${errorCodeOf(response.body.toString())}`,
        '400 InvalidArgument',
        query,
      )
    }
  })

  it('is served when what comes twice means nothing to S3', async () => {
    const response = await client.s3({ method: 'GET', path: `${OBJECT}?v[]=1&v[]=2` })
    assert.equal(response.body.toString(), CONTENT)
  })

  it('is refused with a header twice that has one value, on both APIs', async () => {
    const get = { method: 'GET', path: OBJECT }
    for (const line of [
      'Host: other',
      'host: other',
      'Authorization: x',
      'x-amz-date: 20300101T000000Z',
      'Range: bytes=0-0\r\nRange: bytes=1-1',
    ])
      assert.equal(await altered(get, behind(line)), '400 InvalidRequest', line)
    const target = 'X-Amz-Target: Lightsail_20161128.GetBuckets'
    const control = (line: string) =>
      exchangeBytes(
        server.endpoint,
        `POST / HTTP/1.1\r\nHost: ${hostOf()}\r\nContent-Type: application/x-amz-json-1.1\r\n${target}\r\n${line}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
      )
    for (const line of ['Host: other', target, 'Content-Type: application/json'])
      assert.equal(statusesOf(await control(line)).join(), '400', line)
    for (const path of ['/-/health', '/-/metrics']) {
      const received = await exchangeBytes(
        server.endpoint,
        `GET ${path} HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n`,
      )
      assert.equal(statusesOf(received).join(), '400', path)
    }
  })

  it('is served in the absolute form that proxies send, when it names the host that Host names', async () => {
    const get = { method: 'GET', path: OBJECT }
    const absolute = (host: string) => (head: string) => head.replace(OBJECT, `http://${host}${OBJECT}`)
    assert.equal(await altered(get, absolute(hostOf())), '200 ')
    assert.equal(await altered(get, absolute('other.example')), '400 InvalidRequest')
  })

  it('is refused as not signed, or signed wrongly, when SignedHeaders names what objects of JavaScript have', async () => {
    const names = ['constructor', 'toString', '__proto__', 'valueOf', 'x']
    for (const name of names) {
      const inHeader = (head: string) => head.replace('SignedHeaders=', `SignedHeaders=${name};`)
      assert.equal(
        await altered({ method: 'GET', path: OBJECT }, inHeader),
        '403 SignatureDoesNotMatch',
        name,
      )
      const url = presigned('GET', OBJECT).replace('SignedHeaders=', `SignedHeaders=${name}%3B`)
      assert.equal((await send('GET', url)).code, 'SignatureDoesNotMatch', name)
    }
  })

  it('keeps metadata that is called like members of objects', async () => {
    const headers = { 'x-amz-meta-__proto__': 'p', 'x-amz-meta-constructor': 'c' }
    const path = `/${BUCKET}/named`
    await client.s3({ method: 'PUT', path, headers, body: Buffer.from('x') })
    const { headers: answered } = await client.s3({ method: 'HEAD', path })
    assert.equal(answered['x-amz-meta-constructor'], 'c')
    assert.ok(
      Object.entries(answered).some(([name, value]) => name === 'x-amz-meta-__proto__' && value === 'p'),
    )
  })

  it('is refused when it is signed for a region that does not exist, which no response repeats', async () => {
    for (const region of ['x\ny', 'x y', '\x1b[31mRED', '<b>', 'a'.repeat(3000), 'mars-1', 'constructor']) {
      const url = (path: string) =>
        presignRequest({
          method: 'PUT',
          url: path,
          headers: { host: hostOf() },
          credentials: server.credentials,
          region,
          nowMs: Date.now(),
          expiresSeconds: 60,
        })
      for (const path of ['/region-bucket', OBJECT]) {
        const { status, received } = await send('PUT', url(path))
        assert.equal(status, '400', received)
        assert.ok(!received.includes(region), received)
      }
    }
    assert.equal((await client.s3({ method: 'HEAD', path: '/region-bucket' })).status, 404)
  })

  it('has the headers that a presigned URL carries', async () => {
    const path = `/${BUCKET}/carried`
    const carried = 'x-amz-meta-a=b%20%20c&X-Amz-Storage-Class=STANDARD&x-amz-tagging=k%3Dv'
    const checksums = 'x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32'
    const { status, received } = await send(
      'PUT',
      presigned('PUT', `${path}?${carried}&${checksums}`),
      {},
      'not empty',
    )
    assert.equal(status, '200', received)
    const response = await client.s3({ method: 'GET', path })
    assert.equal(response.headers['x-amz-meta-a'], 'b  c')
    assert.equal(response.headers['x-amz-tagging-count'], '1')
    assert.equal(response.body.toString(), 'not empty')
    const copied = presigned('PUT', `/${BUCKET}/copied?x-amz-copy-source=${encodeURIComponent(path)}`)
    assert.equal((await send('PUT', copied)).status, '200')
    assert.equal((await client.s3({ method: 'GET', path: `/${BUCKET}/copied` })).body.toString(), 'not empty')

    const wrong: readonly (readonly [method: string, query: string, status: string])[] = [
      ['GET', 'x-amz-expected-bucket-owner=999999999999', '403'],
      ['PUT', 'x-amz-expected-bucket-owner=999999999999', '403'],
      ['DELETE', 'X-Amz-Expected-Bucket-Owner=999999999999', '403'],
      ['PUT', 'x-amz-acl=nonsense', '400'],
    ]
    for (const [method, query, expected] of wrong) {
      const answered = await send(
        method,
        presigned(method, `${path}?${query}`),
        {},
        method === 'PUT' ? 'x' : '',
      )
      assert.equal(answered.status, expected, answered.received)
    }
    assert.equal((await client.s3({ method: 'GET', path })).body.toString(), 'not empty')
  })

  it('has signed headers that stand in its query, and is refused where the two contradict each other', async () => {
    const path = `/${BUCKET}/signed-and-carried`
    for (const [name, value] of [
      ['x-amz-meta-q', 'r'],
      ['x-amz-server-side-encryption', 'AES256'],
      ['x-amz-checksum-crc32', 'AAAAAA=='],
    ] as const) {
      const url = presigned('PUT', `${path}?${name}=${encodeURIComponent(value)}`, { [name]: value })
      assert.equal((await send('PUT', url, {}, 'x')).status, '200', name)
      assert.equal(
        (await send('PUT', url, { [name]: value }, name.includes('checksum') ? '' : 'x')).status,
        '200',
        name,
      )
      const other = await send('PUT', url, { [name]: `${value}2` }, 'x')
      assert.match(other.status, /^40[03]$/, name)
    }
  })

  it('is refused when the body that was signed was cut out on its way, whether or not one is needed', async () => {
    const sha256 = createHash('sha256').update('<document/>').digest('hex')
    const mismatch = '400 XAmzContentSHA256Mismatch'
    const requests: readonly (readonly [method: string, path: string])[] = [
      ['PUT', '/cut-out-bucket'],
      ['PUT', OBJECT],
      ['DELETE', OBJECT],
      ['GET', OBJECT],
      ['GET', `/${BUCKET}`],
      ['GET', '/'],
      ['PUT', `${OBJECT}?tagging`],
      ['POST', `${OBJECT}?uploads`],
      ['POST', `/${BUCKET}?delete`],
      ['DELETE', `/${BUCKET}?cors`],
    ]
    for (const [method, path] of requests) {
      const headers = { 'x-amz-content-sha256': sha256, 'content-length': '0' }
      assert.equal(await altered({ method, path, headers }, (head) => head), mismatch, `${method} ${path}`)
      const chunks = {
        ...headers,
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
        'x-amz-decoded-content-length': '9',
      }
      const cut = await altered({ method, path, headers: chunks }, (head) => head)
      assert.equal(cut, '400 IncompleteBody', `${method} ${path}`)
    }
    assert.equal(await content(), CONTENT)
    const md5 = {
      'content-md5': createHash('md5').update('<document/>').digest('base64'),
      'content-length': '0',
    }
    assert.equal(
      await altered({ method: 'PUT', path: '/cut-out-bucket', headers: md5 }, (head) => head),
      '400 BadDigest',
    )
    const empty = { 'x-amz-content-sha256': EMPTY_SHA256 }
    assert.equal(await altered({ method: 'GET', path: OBJECT, headers: empty }, (head) => head), '200 ')
  })
})
