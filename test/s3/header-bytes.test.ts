import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { exchangeBytes } from '../harness/raw-connection.ts'
import { presignRequest } from '../../src/auth/presign-request.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { sdkWorld } from './sdk-world.ts'

const world = sdkWorld()
const BUCKET = 'bytes-bucket'

/** UTF-8 as one character for each byte, which is how headers are written here. */
const utf8 = (text: string): string => Buffer.from(text).toString('latin1')

/** Signs a request and sends its head with each character as a byte; gives the whole response, one character for each byte. */
async function send(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): Promise<string> {
  const { server, owner } = world()
  const client = new SignedClient({ endpoint: server.url, region: 'us-east-1' }, owner.rootKey)
  const length = method === 'PUT' || method === 'POST' ? { 'content-length': String(body.length) } : {}
  const head = client.headOf({ method, path, headers: { ...headers, ...length, connection: 'close' } })
  client.close()
  return await exchangeBytes(server.url, Buffer.from(head + body, 'latin1'))
}

/** Sends a presigned URL. */
async function open(method: string, url: string, body = ''): Promise<string> {
  const { server, owner } = world()
  const target = presignRequest({
    method,
    url,
    headers: { host: new URL(server.url).host },
    credentials: owner.rootKey,
    region: 'us-east-1',
    nowMs: Date.now(),
    expiresSeconds: 60,
  })
  const length = method === 'PUT' ? `Content-Length: ${body.length}\r\n` : ''
  const host = new URL(server.url).host
  return await exchangeBytes(
    server.url,
    `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${length}Connection: close\r\n\r\n${body}`,
  )
}

const statusOf = (response: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(response)?.[1])
const headerOf = (response: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*)\r$`, 'im').exec(response.slice(0, response.indexOf('\r\n\r\n') + 2))?.[1]

/** Headers that describe an object and come back as they were sent. */
const STORED = [
  'content-disposition',
  'content-type',
  'cache-control',
  'content-language',
  'content-encoding',
  'expires',
  'x-amz-website-redirect-location',
] as const

const TEXTS: readonly (readonly [what: string, bytes: string])[] = [
  ['é in UTF-8', utf8('é')],
  ['Chinese', utf8('文書')],
  ['an emoji', utf8('😀')],
  ['a byte that is no UTF-8', '\xe9'],
  ['every byte beyond ASCII', Array.from({ length: 128 }, (_, at) => String.fromCharCode(128 + at)).join('')],
]

describe('headers that are stored with an object', () => {
  before(() => world().makeBucket(BUCKET))

  for (const [what, bytes] of TEXTS)
    it(`come back byte for byte: ${what}`, async () => {
      // A redirect's location has a form of its own.
      const sent = Object.fromEntries(STORED.map((name) => [name, `/a; n="${bytes}.txt"`]))
      const check = async (path: string): Promise<void> => {
        for (const method of ['GET', 'HEAD']) {
          const response = await send(method, `/${BUCKET}/${path}`)
          assert.equal(statusOf(response), 200, response)
          for (const name of STORED)
            assert.equal(headerOf(response, name), sent[name], `${method} ${path} ${name}`)
        }
      }
      assert.equal(statusOf(await send('PUT', `/${BUCKET}/put`, sent, 'body')), 200)
      await check('put')
      const source = { 'x-amz-copy-source': `/${BUCKET}/put` }
      assert.equal(
        statusOf(
          await send('PUT', `/${BUCKET}/replaced`, {
            ...source,
            ...sent,
            'x-amz-metadata-directive': 'REPLACE',
          }),
        ),
        200,
      )
      await check('replaced')
      const begun = await send('POST', `/${BUCKET}/parts?uploads`, sent)
      const uploadId = /<UploadId>(.*?)</.exec(begun)?.[1] ?? ''
      const part = await send('PUT', `/${BUCKET}/parts?partNumber=1&uploadId=${uploadId}`, {}, 'part')
      const document = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${headerOf(part, 'etag') ?? ''}</ETag></Part></CompleteMultipartUpload>`
      assert.equal(statusOf(await send('POST', `/${BUCKET}/parts?uploadId=${uploadId}`, {}, document)), 200)
      await check('parts')
    })

  it('come back from a body of no bytes, of a range, and from a blob', async () => {
    const disposition = utf8('attachment; filename="документ"')
    for (const [key, body] of [
      ['empty', ''],
      ['large', 'x'.repeat(100_000)],
    ] as const) {
      await send('PUT', `/${BUCKET}/${key}`, { 'content-disposition': disposition }, body)
      assert.equal(headerOf(await send('GET', `/${BUCKET}/${key}`), 'content-disposition'), disposition)
    }
    const part = await send('GET', `/${BUCKET}/large`, { range: 'bytes=5-9' })
    assert.equal(statusOf(part), 206)
    assert.equal(headerOf(part, 'content-disposition'), disposition)
    assert.equal(headerOf(part, 'content-length'), '5')
  })
})

describe('metadata beyond ASCII', () => {
  before(() => world().makeBucket('encoded-bucket'))

  it('comes back as one encoded word, whatever the letters, and plain text as it is', async () => {
    for (const [sent, back] of [
      [utf8('Olá'), '=?UTF-8?B?T2zDoQ==?='],
      [utf8('日本'), '=?UTF-8?B?5pel5pys?='],
      ['caf\xe9', `=?UTF-8?B?${Buffer.from('café').toString('base64')}?=`],
      ['a=?b?=c', 'a=?b?=c'],
      ['=?UTF-8?B?w6k=?=', '=?UTF-8?B?w6k=?='],
    ] as const) {
      assert.equal(statusOf(await send('PUT', '/encoded-bucket/k', { 'x-amz-meta-m': sent })), 200)
      for (const method of ['GET', 'HEAD'])
        assert.equal(headerOf(await send(method, '/encoded-bucket/k'), 'x-amz-meta-m'), back)
    }
  })

  it('has any name, those that all objects of the language have included', async () => {
    const sent = {
      'x-amz-meta-__proto__': 'p',
      'x-amz-meta-constructor': 'c',
      'x-amz-meta-hasownproperty': 'h',
    }
    assert.equal(statusOf(await send('PUT', '/encoded-bucket/names', sent)), 200)
    const response = await send('GET', '/encoded-bucket/names')
    for (const [name, value] of Object.entries(sent)) assert.equal(headerOf(response, name), value, name)
  })
})

describe('headers that an argument replaces', () => {
  before(async () => {
    await world().makeBucket('override-bucket')
    await send('PUT', '/override-bucket/k', {}, 'x')
  })

  const ARGUMENTS = [
    'response-content-disposition',
    'response-content-type',
    'response-cache-control',
    'response-content-language',
    'response-content-encoding',
    'response-expires',
  ]
  for (const argument of ARGUMENTS) {
    const url = (text: string): string => `/override-bucket/k?${argument}=${encodeURIComponent(text)}`
    it(`are written in Latin-1, and refused by name when it has no such character: ${argument}`, async () => {
      for (const method of ['GET', 'HEAD']) {
        const response = await open(method, url('für 3 £'))
        assert.equal(statusOf(response), 200, response)
        assert.equal(headerOf(response, argument.slice('response-'.length)), 'für 3 £')
      }
      for (const text of ['日本', 'a — b', 'a\r\nSet-Cookie: b', 'a\nb', 'a\0b', 'a\x7f']) {
        const response = await open('GET', url(text))
        assert.equal(statusOf(response), 400, response)
        assert.match(
          response,
          new RegExp(`<Code>InvalidArgument</Code>.*<ArgumentName>${argument}</ArgumentName>`),
        )
      }
    })
  }
})

describe('what no header can hold', () => {
  it('never gets into a header', async () => {
    const host = new URL(world().server.url).host
    for (const bytes of ['a\x00b', 'a\x01b', 'a\x0bb', 'a\x7fb', 'a\rb']) {
      const head = `PUT /${BUCKET}/k HTTP/1.1\r\nHost: ${host}\r\nContent-Disposition: ${bytes}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`
      const response = await exchangeBytes(world().server.url, Buffer.from(head, 'latin1'))
      assert.equal(statusOf(response), 400, JSON.stringify(bytes))
    }
  })
})

describe('a page in a bucket', () => {
  before(() => world().makeBucket('pages-bucket'))

  it('is kept from acting as a page of the server’s own', async () => {
    for (const [type, nosniff, policy] of [
      ['text/html', 'nosniff', 'sandbox'],
      ['image/svg+xml', 'nosniff', 'sandbox'],
      ['image/png', undefined, undefined],
    ] as const) {
      await send('PUT', '/pages-bucket/p', { 'content-type': type }, '<p>')
      for (const method of ['GET', 'HEAD']) {
        const response = await send(method, '/pages-bucket/p')
        assert.equal(headerOf(response, 'x-content-type-options'), nosniff, type)
        assert.equal(headerOf(response, 'content-security-policy'), policy, type)
      }
    }
    const response = await open('GET', '/pages-bucket/p?response-content-type=text%2Fhtml')
    assert.equal(headerOf(response, 'content-security-policy'), 'sandbox')
  })
})
