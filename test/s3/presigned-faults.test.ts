import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createBucket } from '../../src/service/buckets/create-bucket.ts'
import type { AccessKeyPair } from '../../src/service/credentials/mint-access-key.ts'
import { presignRequest } from '../../src/auth/presign-request.ts'
import { startServer, type TestServer } from './start-server.ts'

const BUCKET = 'presigned'
const REGION = 'us-east-1'

let server: TestServer
let rootKey: AccessKeyPair

before(async () => {
  server = await startServer()
  const created = await server.createAccount('owner')
  rootKey = created.rootKey
  const caller = { accountId: created.account.accountId, region: REGION } as const
  await createBucket(server.context, caller, { bucketName: BUCKET, bundleId: 'small_1_0' })
})
after(async () => {
  await server.stop()
  assert.deepEqual(server.errors, [])
})

interface Fault {
  readonly region?: string
  readonly signedMsAgo?: number
  readonly key?: AccessKeyPair
  /** Done to the URL once it is signed. */
  readonly spoil?: (arguments_: URLSearchParams) => void
  readonly headers?: Readonly<Record<string, string>>
}

async function get({ region = REGION, signedMsAgo = 0, key = rootKey, spoil, headers = {} }: Fault) {
  const nowMs = Date.now() - signedMsAgo
  const path = presignRequest({
    method: 'GET',
    url: `/${BUCKET}/key`,
    headers: { host: `127.0.0.1:${server.port}` },
    credentials: key,
    region,
    nowMs,
    expiresSeconds: 60,
  })
  const url = new URL(path, server.url)
  spoil?.(url.searchParams)
  const response = await fetch(url, { headers })
  const text = await response.text()
  const element = (name: string): string =>
    (new RegExp(`<${name}>(.*?)</${name}>`).exec(text)?.[1] ?? '')
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
  return { status: response.status, headers: response.headers, element }
}

const set = (name: string, value: string) => (query: URLSearchParams) => query.set(name, value)
const scope = (change: (scope: string) => string) => (query: URLSearchParams) =>
  query.set('X-Amz-Credential', change(query.get('X-Amz-Credential') ?? ''))
const nobody = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'none' }
const day = (): string => new Date().toISOString().slice(0, 10).replaceAll('-', '')

const PARAMETERS = 'AuthorizationQueryParametersError'
const CREDENTIAL = 'Error parsing the X-Amz-Credential parameter; '
const SHAPE = 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'

/** What is wrong with a URL presigned by version 4, and what S3 answers. */
const FAULTS: readonly (readonly [what: string, fault: Fault, code: string, message: string | RegExp])[] = [
  [
    'of another region',
    { region: 'eu-west-1' },
    PARAMETERS,
    `${CREDENTIAL}the region 'eu-west-1' is wrong; expecting 'us-east-1'`,
  ],
  [
    'of no region that there is',
    { region: 'mars' },
    PARAMETERS,
    `${CREDENTIAL}the region does not exist; expecting 'us-east-1'`,
  ],
  [
    'of another region, with an unknown key',
    { region: 'eu-west-1', key: nobody },
    PARAMETERS,
    /the region 'eu-west-1' is wrong/,
  ],
  [
    'of an empty region',
    { spoil: scope((text) => text.replace('us-east-1', '')) },
    PARAMETERS,
    `${CREDENTIAL}a non-empty region must be provided in the credential.`,
  ],
  [
    'of another service',
    { spoil: scope((text) => text.replace('/s3/', '/not-s3/')) },
    PARAMETERS,
    `${CREDENTIAL}incorrect service "not-s3". This endpoint belongs to "s3".`,
  ],
  [
    'with another end of its scope',
    { spoil: scope((text) => text.replace('aws4_request', 'aws5_request')) },
    PARAMETERS,
    `${CREDENTIAL}incorrect terminal "aws5_request". This endpoint uses "aws4_request".`,
  ],
  ['with a short scope', { spoil: scope((text) => text.replace('/s3', '')) }, PARAMETERS, CREDENTIAL + SHAPE],
  ['with a key id alone', { spoil: set('X-Amz-Credential', 'AKIA') }, PARAMETERS, CREDENTIAL + SHAPE],
  [
    'with no key id',
    { spoil: scope((text) => text.slice(text.indexOf('/'))) },
    PARAMETERS,
    CREDENTIAL + SHAPE,
  ],
  [
    'of a day that is none',
    { spoil: scope((text) => text.replace(/\/\d{8}\//, '/not-a-day/')) },
    PARAMETERS,
    `${CREDENTIAL}incorrect date format "not-a-day". This date in the credential must be in the format "yyyyMMdd".`,
  ],
  [
    'of another day than its time',
    { spoil: scope((text) => text.replace(/\/\d{8}\//, '/20200101/')) },
    PARAMETERS,
    new RegExp(
      `^Invalid credential date "20200101"\\. This date is not the same as X-Amz-Date: "${day().slice(0, 6)}`,
    ),
  ],
  [
    'with another algorithm',
    { spoil: set('X-Amz-Algorithm', 'AWS4-HMAC-SHA1') },
    PARAMETERS,
    'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"',
  ],
  ...(['Credential', 'Signature', 'Date', 'SignedHeaders', 'Expires'] as const).map(
    (name) =>
      [
        `without its X-Amz-${name}`,
        { spoil: (query: URLSearchParams) => query.delete(`X-Amz-${name}`) },
        PARAMETERS,
        'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
      ] as const,
  ),
  [
    'of a time in another form',
    { spoil: set('X-Amz-Date', '2026-11-29T00:00:00Z') },
    PARAMETERS,
    `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`,
  ],
  ...['soon', '1e2', '60s', ' 60', '1.5'].map(
    (text) =>
      [
        `that expires in ${JSON.stringify(text)}`,
        { spoil: set('X-Amz-Expires', text) },
        PARAMETERS,
        'X-Amz-Expires should be a number',
      ] as const,
  ),
  [
    'that expires before it begins',
    { spoil: set('X-Amz-Expires', '-1') },
    PARAMETERS,
    'X-Amz-Expires must be non-negative',
  ],
  [
    'that lives over a week',
    { spoil: set('X-Amz-Expires', '604801') },
    PARAMETERS,
    'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
  ],
  [
    'that lives for no time',
    { spoil: set('X-Amz-Expires', '0'), signedMsAgo: 2_000 },
    'AccessDenied',
    'Request has expired',
  ],
  ['that has expired', { signedMsAgo: 61_000 }, 'AccessDenied', 'Request has expired'],
  [
    'that has expired, with an unknown key',
    { signedMsAgo: 61_000, key: nobody },
    'AccessDenied',
    'Request has expired',
  ],
  ['of an hour to come', { signedMsAgo: -3_600_000 }, 'AccessDenied', 'Request is not valid yet'],
  [
    'with a header that is not signed',
    { headers: { 'x-amz-meta-a': '1' } },
    'AccessDenied',
    'There were headers present in the request which were not signed',
  ],
  ['with an unknown key', { key: nobody }, 'InvalidAccessKeyId', /does not exist in our records/],
  ['with half a signature', { spoil: set('X-Amz-Signature', 'ab') }, 'SignatureDoesNotMatch', /./],
  ['with another signature', { spoil: set('X-Amz-Signature', 'é'.repeat(64)) }, 'SignatureDoesNotMatch', /./],
]

describe('a URL presigned by version 4', () => {
  for (const [what, fault, code, message] of FAULTS)
    it(`${what} is refused with ${code}, in S3’s words`, async () => {
      const { status, element } = await get(fault)
      assert.deepEqual([status, element('Code')], [code === PARAMETERS ? 400 : 403, code])
      if (typeof message === 'string') assert.equal(element('Message'), message)
      else assert.match(element('Message'), message)
    })

  it('of another region names the one that is right, as an element and as a header', async () => {
    const { headers, element } = await get({ region: 'eu-west-1' })
    assert.equal(element('Region'), REGION)
    assert.equal(headers.get('x-amz-bucket-region'), REGION)
  })

  it('that has expired tells when it did', async () => {
    const { element } = await get({ signedMsAgo: 61_000 })
    assert.equal(element('X-Amz-Expires'), '60')
    for (const name of ['Expires', 'ServerTime'])
      assert.match(element(name), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
  })

  it('repeats no control characters and no long texts of its scope', async () => {
    const { element } = await get({
      spoil: scope((text) => text.replace('/s3/', `/\u001b[2J${'x'.repeat(500)}/`)),
    })
    assert.match(element('Message'), /incorrect service "\?\[2Jx{60}"/)
  })
})
