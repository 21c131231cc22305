import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { STS_RULES } from '../../src/auth/service-rules.ts'
import { signRequest, type ClientCredentials } from '../../src/auth/sign-request.ts'
import { createAccessKey } from '../../src/service/access-keys/create-access-key.ts'
import { createBucket } from '../../src/service/buckets/create-bucket.ts'
import type { AccessKeyPair } from '../../src/service/credentials/mint-access-key.ts'
import { addResource } from '../../src/service/resources/add-resource.ts'
import { presignRequest } from '../../src/auth/presign-request.ts'
import { startControlServer } from './control-server.ts'
import type { ControlServer } from './control-server.ts'

const ASK = 'Action=GetCallerIdentity&Version=2011-06-15'
const FORM = 'application/x-www-form-urlencoded; charset=utf-8'
const EMPTY_SHA256 = createHash('sha256').digest('hex')

interface Asked {
  readonly method?: 'GET' | 'POST'
  readonly url?: string
  readonly body?: string
  readonly key?: ClientCredentials
  readonly region?: string
  readonly service?: string
  readonly nowMs?: number
  readonly headers?: Readonly<Record<string, string>>
}

describe('STS at the endpoint', () => {
  let server: ControlServer
  let bucketKey: AccessKeyPair
  let otherKey: AccessKeyPair
  let resourceKey: AccessKeyPair
  before(async () => {
    server = await startControlServer()
    const { context, account } = server
    const caller = { accountId: account.account.accountId, region: 'us-east-1' }
    await createBucket(context, caller, { bucketName: 'photos', bundleId: 'small_1_0' })
    const newKey = async () => {
      const { accessKey, secretAccessKey } = await createAccessKey(context, caller, 'photos')
      return { accessKeyId: accessKey.accessKeyId, secretAccessKey }
    }
    bucketKey = await newKey()
    otherKey = await newKey()
    resourceKey = (await addResource(context, caller, 'web-1')).key
  })
  after(() => server.stop())

  const ask = async (asked: Asked = {}) => {
    const { method = 'POST', url = '/', body = method === 'POST' ? ASK : '' } = asked
    const { host } = new URL(server.url)
    const { headers } = signRequest({
      method,
      url,
      headers: { host, ...(method === 'POST' && { 'content-type': FORM }), ...asked.headers },
      payloadHash: createHash('sha256').update(body).digest('hex'),
      credentials: asked.key ?? server.account.rootKey,
      rules: { ...STS_RULES, service: asked.service ?? 'sts' },
      region: asked.region ?? 'us-east-1',
      nowMs: asked.nowMs ?? Date.now(),
    })
    return await read(await fetch(server.url + url, { method, headers, ...(body !== '' && { body }) }))
  }
  const read = async (response: Response) => {
    const text = await response.text()
    const tag = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]
    return { status: response.status, type: response.headers.get('content-type'), text, tag }
  }

  it('GetCallerIdentity tells the account, the ARN and the id of each kind of key', async () => {
    const { accountId } = server.account.account
    const root = await ask()
    assert.deepEqual([root.status, root.type], [200, 'text/xml'])
    assert.match(
      root.text,
      /<GetCallerIdentityResponse xmlns="https:\/\/sts.amazonaws.com\/doc\/2011-06-15\/"><GetCallerIdentityResult>/,
    )
    assert.equal(root.tag('Arn'), `arn:aws:iam::${accountId}:root`)
    assert.deepEqual([root.tag('UserId'), root.tag('Account')], [accountId, accountId])
    assert.match(root.tag('RequestId') ?? '', /^[0-9A-F]{16}$/)

    const [bucket, other] = [await ask({ key: bucketKey }), await ask({ key: otherKey })]
    assert.deepEqual(
      [bucket.tag('Arn'), bucket.tag('Account')],
      [`arn:aws:iam::${accountId}:user/photos`, accountId],
    )
    assert.match(bucket.tag('UserId') ?? '', /^AIDA[A-Z2-7]{17}$/)
    assert.equal(other.tag('UserId'), bucket.tag('UserId'))

    const resource = await ask({ key: resourceKey })
    assert.equal(
      resource.tag('Arn'),
      `arn:aws:sts::${accountId}:assumed-role/AmazonLightsailInstanceRole/web-1`,
    )
    assert.match(resource.tag('UserId') ?? '', /^AROA[A-Z2-7]{17}:web-1$/)
  })

  it('takes GET and POST, every region, and a form in the query', async () => {
    const { accountId } = server.account.account
    const asked: Asked[] = [
      { method: 'GET', url: `/?${ASK}` },
      { method: 'GET', url: '/?Version=2011-06-15&Action=GetCallerIdentity' },
      { url: `/?${ASK}`, body: '' },
      { region: 'eu-central-1' },
      { region: 'us-gov-west-1' },
      { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      { body: `${ASK}&Unknown=%2F+x` },
    ]
    for (const one of asked) {
      const answer = await ask(one)
      assert.deepEqual([answer.status, answer.tag('Account')], [200, accountId], JSON.stringify(one))
    }
  })

  it('takes presigned requests for as long as signed headers, whatever they say of their end', async () => {
    const { host } = new URL(server.url)
    const presign = (nowMs: number, key = server.account.rootKey, cluster = 'c1') =>
      presignRequest({
        method: 'GET',
        url: `/?${ASK}`,
        headers: { host, 'x-k8s-aws-id': cluster },
        credentials: key,
        region: 'us-east-1',
        nowMs,
        expiresSeconds: 60,
        rules: STS_RULES,
        payloadHash: EMPTY_SHA256,
      })
    const open = async (url: string) =>
      await read(
        await fetch(server.url + url, { headers: { 'x-k8s-aws-id': 'c1', accept: 'application/json' } }),
      )
    const minutes = (count: number) => Date.now() - count * 60_000
    const good = await open(presign(minutes(14), bucketKey))
    assert.deepEqual([good.status, good.type], [200, 'application/json'])
    const answer = JSON.parse(good.text) as { GetCallerIdentityResponse: { GetCallerIdentityResult: object } }
    assert.deepEqual(Object.keys(answer.GetCallerIdentityResponse.GetCallerIdentityResult), [
      'Arn',
      'UserId',
      'Account',
    ])
    for (const [url, code] of [
      [presign(minutes(16)), 'SignatureDoesNotMatch'],
      [presign(minutes(0), server.account.rootKey, 'c2'), 'SignatureDoesNotMatch'],
      [presign(minutes(0)).replace('X-Amz-SignedHeaders=', 'X-Amz-SignedHeader='), 'IncompleteSignature'],
    ] as const) {
      const refused = await open(url)
      assert.equal((JSON.parse(refused.text) as { Error: { Code: string } }).Error.Code, code)
      assert.ok(refused.status >= 400)
    }
  })

  it('refuses in the words of STS', async () => {
    const wrong = { ...server.account.rootKey, secretAccessKey: 'wrong' }
    const unknown = { ...server.account.rootKey, accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }
    const version = '&Version=2011-06-15'
    for (const [asked, status, code] of [
      [{ key: wrong }, 403, 'SignatureDoesNotMatch'],
      [{ key: unknown }, 403, 'InvalidClientTokenId'],
      [{ key: { ...server.account.rootKey, sessionToken: 'x' } }, 403, 'InvalidClientTokenId'],
      [{ service: 's3' }, 403, 'SignatureDoesNotMatch'],
      [{ nowMs: Date.now() - 3_600_000 }, 403, 'SignatureDoesNotMatch'],
      [{ body: `Action=GetFederationToken${version}` }, 400, 'InvalidAction'],
      [{ body: `Action=AssumeRole${version}` }, 400, 'ValidationError'],
      [{ body: `Action=constructor${version}` }, 400, 'InvalidAction'],
      [{ body: 'Action=GetCallerIdentity' }, 400, 'InvalidAction'],
      [{ body: version }, 400, 'MissingAction'],
      [{ body: `Action=%zz${version}` }, 400, 'MalformedQueryString'],
      [{ body: `${ASK}&x=${'y'.repeat(70_000)}` }, 413, 'RequestEntityTooLarge'],
    ] as const) {
      const answer = await ask(asked)
      assert.deepEqual([answer.status, answer.tag('Code'), answer.tag('Type')], [status, code, 'Sender'])
      assert.match(answer.text, /^<\?xml [^>]*>\n<ErrorResponse xmlns="https:\/\/sts\./)
    }
    const unsigned = await read(
      await fetch(server.url, { method: 'POST', headers: { 'content-type': FORM }, body: ASK }),
    )
    assert.deepEqual([unsigned.status, unsigned.tag('Code')], [403, 'MissingAuthenticationToken'])
    assert.deepEqual(server.logged, [])
  })

  it('reads of a body without a key that exists what may be a token, and no more', async () => {
    const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
    const scope = `AKIAAAAAAAAAAAAAAAAA/${date.slice(0, 8)}/us-east-1/sts/aws4_request`
    const signature = `SignedHeaders=content-type;host;x-amz-date, Signature=${'0'.repeat(64)}`
    const signed = `X-Amz-Date: ${date}\r\nAuthorization: AWS4-HMAC-SHA256 Credential=${scope}, ${signature}\r\n`
    for (const [header, code] of [
      [`Content-Length: 65537\r\n`, 'RequestEntityTooLarge'],
      [`Content-Length: 65536\r\n${signed}`, 'InvalidClientTokenId'],
    ] as const) {
      const { host, hostname, port } = new URL(server.url)
      const socket = connect(Number(port), hostname)
      // The body never comes: a response to whom it was read from would not come either.
      socket.write(`POST / HTTP/1.1\r\nHost: ${host}\r\n${header}Content-Type: ${FORM}\r\n\r\n`)
      const [answer] = (await once(socket, 'data')) as [Buffer]
      socket.destroy()
      assert.match(answer.toString(), new RegExp(`^HTTP/1.1 4\\d\\d .*<Code>${code}<`, 's'))
    }
  })

  it('names the action that is not offered, escaped and cut', async () => {
    const answer = await ask({ body: `Action=%3Cb%3E${'a'.repeat(300)}&Version=2011-06-15` })
    assert.match(
      answer.tag('Message') ?? '',
      /^Could not find operation &lt;b&gt;a{125} for version 2011-06-15; of STS,/,
    )
  })
})
