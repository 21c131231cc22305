import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { GetBucketCorsCommand, PutBucketCorsCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { failsWith, sdkWorld } from './sdk-world.ts'

const world = sdkWorld()
const BUCKET = 'pages'
const ORIGIN = 'https://app.example'
const VARY = 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method'

const send = (
  method: string,
  path: string,
  headers: Record<string, string> = { origin: ORIGIN },
  body?: string,
) => fetch(`${world().server.url}${path}`, { method, headers, ...(body !== undefined && { body }) })

describe('a bucket with rules for pages of other origins', () => {
  before(async () => {
    const Bucket = await world().makeBucket(BUCKET)
    const rule = { AllowedMethods: ['GET', 'PUT', 'POST'], AllowedOrigins: [ORIGIN], ExposeHeaders: ['ETag'] }
    await world().s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }))
    await world().s3.send(new PutObjectCommand({ Bucket, Key: 'key', Body: 'x' }))
    await world().makeBucket('pageless')
  })

  const refusals: readonly (readonly [title: string, method: string, path: string, body?: string])[] = [
    ['of who is not let in', 'GET', '/key'],
    ['of a key that is too long', 'GET', `/${'k'.repeat(1025)}`],
    ['of an address that cannot be read', 'GET', '/%zz'],
    ['of an argument that is not offered', 'GET', '?notification'],
    ['of two arguments that exclude each other', 'GET', '?acl&cors'],
    ['of a method that the target does not have', 'POST', '/key?tagging'],
    ['of a presigned URL that is malformed', 'GET', '/key?X-Amz-Algorithm=AWS4-HMAC-SHA256'],
    ['of an unknown access key', 'GET', '/key?AWSAccessKeyId=AKIAI44QH8DHBEXAMPLE&Expires=1&Signature=x'],
    ['of what is no form', 'POST', '', 'x'],
  ]
  for (const [title, method, path, body] of refusals)
    it(`lets the page read a refusal ${title}`, async () => {
      const response = await send(method, `/${BUCKET}${path}`, { origin: ORIGIN }, body)
      assert.ok(response.status >= 400 && response.status < 600, String(response.status))
      assert.match(await response.text(), /<Error>/)
      assert.equal(response.headers.get('access-control-allow-origin'), ORIGIN)
      assert.equal(response.headers.get('x-amz-bucket-region'), 'us-east-1')
    })

  for (const [title, path] of [
    ['for a key that is too long', `/${'k'.repeat(1025)}`],
    ['for an address that cannot be read', '/%zz'],
    ['with an empty argument', '/key?&acl'],
    ['with an argument twice', '/key?versionId=1&versionId=2'],
    [
      'with an argument that version 2 does not sign',
      '/key?AWSAccessKeyId=a&Expires=1&Signature=x&retention',
    ],
  ] as const)
    it(`lets the page send a request ${title}, which it then reads the refusal of`, async () => {
      const asked = { origin: ORIGIN, 'access-control-request-method': 'PUT' }
      const preflight = await send('OPTIONS', `/${BUCKET}${path}`, asked)
      assert.equal(preflight.status, 200)
      assert.equal(preflight.headers.get('access-control-allow-origin'), ORIGIN)
      const response = await send('PUT', `/${BUCKET}${path}`, { origin: ORIGIN }, 'x')
      assert.equal(response.status, 400)
      assert.equal(response.headers.get('access-control-allow-origin'), ORIGIN)
      const refused = await send('OPTIONS', `/${BUCKET}${path}`, { ...asked, origin: 'https://evil.example' })
      assert.equal(refused.status, 403)
      assert.match(await refused.text(), /<Code>AccessForbidden<\/Code>/)
      assert.equal(
        (await send('OPTIONS', `/no-such-bucket${path}`, asked)).headers.get('access-control-allow-origin'),
        null,
      )
    })

  for (const [title, headers] of [
    ['of no origin', { origin: '', 'access-control-request-method': 'GET' }],
    ['about a method that no rule may allow', { origin: ORIGIN, 'access-control-request-method': 'get' }],
    [
      'about what is no header',
      {
        origin: ORIGIN,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'x-a,b@c',
      },
    ],
  ] as const)
    it(`finds a question ${title} wrong`, async () => {
      const response = await send('OPTIONS', `/${BUCKET}/key`, headers)
      assert.equal(response.status, 400)
      assert.match(await response.text(), /<Code>BadRequest<\/Code>/)
    })

  it('tells a page of an origin that it does not allow nothing, and another bucket’s pages neither', async () => {
    const other = await send('GET', `/${BUCKET}/%zz`, { origin: 'https://evil.example' })
    assert.equal(other.headers.get('access-control-allow-origin'), null)
    assert.equal(other.headers.get('vary'), VARY)
    const pageless = await send('GET', '/pageless/%zz')
    assert.equal(pageless.headers.get('access-control-allow-origin'), null)
  })

  it('tells caches that its responses depend on the origin, also where none was sent', async () => {
    assert.equal((await send('GET', `/${BUCKET}/key`, {})).headers.get('vary'), VARY)
    assert.equal((await send('GET', '/pageless/key', {})).headers.get('vary'), null)
  })

  for (const [path, resourceType] of [
    ['/key', 'OBJECT'],
    ['', 'BUCKET'],
  ] as const)
    it(`names method and resource type where it refuses a preflight for ${resourceType}`, async () => {
      const headers = { origin: ORIGIN, 'access-control-request-method': 'DELETE' }
      const response = await send('OPTIONS', `/${BUCKET}${path}`, headers)
      assert.equal(response.status, 403)
      assert.equal(response.headers.get('access-control-allow-origin'), null)
      assert.match(
        await response.text(),
        new RegExp(`<Method>DELETE</Method><ResourceType>${resourceType}</ResourceType>`),
      )
    })
})

describe('a document with CORS rules', () => {
  const put = (...rules: object[]) =>
    world().s3.send(
      new PutBucketCorsCommand({
        Bucket: 'pageless',
        CORSConfiguration: {
          CORSRules: rules.map((rule) => ({ AllowedMethods: ['GET'], AllowedOrigins: ['*'], ...rule })),
        },
      }),
    )

  it('is refused as S3 refuses it, and changes nothing', async () => {
    const refused: readonly (readonly [code: string, ...rules: object[]])[] = [
      ['InvalidRequest', { AllowedOrigins: ['https://*.*'] }],
      ['InvalidRequest', { AllowedHeaders: ['*-*'] }],
      ['InvalidRequest', { AllowedHeaders: ['no header'] }],
      ['InvalidRequest', { ExposeHeaders: ['*'] }],
      ['InvalidRequest', { AllowedMethods: ['OPTIONS'] }],
      ['InvalidRequest', { MaxAgeSeconds: -1 }],
      ['InvalidArgument', { ID: 'i'.repeat(256) }],
      ['InvalidRequest', { ID: 'one' }, { ID: 'one' }],
    ]
    for (const [code, ...rules] of refused) await assert.rejects(put(...rules), failsWith(code, 400))
    await assert.rejects(
      world().s3.send(new GetBucketCorsCommand({ Bucket: 'pageless' })),
      failsWith('NoSuchCORSConfiguration', 404),
    )
  })
})
