import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import {
  CreateBucketAccessKeyCommand,
  CreateBucketCommand,
  SetResourceAccessForBucketCommand,
  UpdateBucketCommand,
} from '@aws-sdk/client-lightsail'
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { presignRequest } from '../../src/auth/presign-request.ts'
import { deriveSigningKey, formatScope } from '../../src/auth/signing-key.ts'
import { lightsailClient, s3Client } from '../harness/clients.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { serverCommand, serverEnvironment } from '../harness/server-command.ts'

const run = promisify(execFile)
const bucketName = 'discreet'
const SECRET_LENGTH = 40

interface KeyPair {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** One of the server's commands on its data folder; gives its JSON. */
async function lugsail(server: RunningServer, ...words: readonly string[]): Promise<Record<string, unknown>> {
  const [program, ...before] = serverCommand()
  const options = ['--data', server.dataFolder, '--output', 'json']
  const { stdout } = await run(program, [...before, ...words, ...options], { env: serverEnvironment() })
  return JSON.parse(stdout) as Record<string, unknown>
}

describe('a server after a busy run, its log at the level debug and the access log of the bucket on', () => {
  let server: RunningServer
  /** What must be nowhere, by what it is. */
  const secrets = new Map<string, string>()
  const responses: string[] = []
  const keep = (what: string, secret: string): string => {
    secrets.set(what, secret)
    return secret
  }

  before(async () => {
    server = await startServer({ options: { 'log-level': 'debug', 'access-log-interval-seconds': '1' } })
    keep('the root key', server.credentials.secretAccessKey)
    const lightsail = lightsailClient(server)
    await lightsail.send(new CreateBucketCommand({ bucketName, bundleId: 'small_1_0' }))
    const accessLogConfig = { enabled: true, destination: bucketName, prefix: 'logs/' }
    await lightsail.send(new UpdateBucketCommand({ bucketName, accessLogConfig }))
    const { accessKey } = await lightsail.send(new CreateBucketAccessKeyCommand({ bucketName }))
    const bucketKey: KeyPair = {
      accessKeyId: accessKey?.accessKeyId ?? '',
      secretAccessKey: keep('a bucket key', accessKey?.secretAccessKey ?? ''),
    }

    const resource = await lugsail(server, 'resource', 'add', 'web-1')
    const resourceKey: KeyPair = {
      accessKeyId: (resource['resource'] as { accessKeyId: string }).accessKeyId,
      secretAccessKey: keep('a resource’s key', String(resource['secretAccessKey'])),
    }
    const access = { resourceName: 'web-1', bucketName, access: 'allow' } as const
    await lightsail.send(new SetResourceAccessForBucketCommand(access))
    const account = await lugsail(server, 'account', 'create', 'bob')
    keep('another account’s root key', String(account['secretAccessKey']))

    for (const key of [bucketKey, resourceKey]) {
      const s3 = s3Client(server, key)
      await s3.send(new PutObjectCommand({ Bucket: bucketName, Key: 'k', Body: 'public matter' }))
    }
    await useCustomerKey()
    await usePresignedUrls(bucketKey)
    await postForm(bucketKey)
    await sendWrongCredentials(bucketKey)
  })
  after(() => server.stop())

  async function useCustomerKey(): Promise<void> {
    const key = Buffer.from(keep('a customer’s encryption key', 'customer key: thirty-two bytes !'))
    const SSECustomerKey = keep('a customer’s encryption key in base64', key.toString('base64'))
    const customer = {
      SSECustomerAlgorithm: 'AES256',
      SSECustomerKey,
      SSECustomerKeyMD5: createHash('md5').update(key).digest('base64'),
    }
    const s3 = s3Client(server)
    await s3.send(new PutObjectCommand({ Bucket: bucketName, Key: 'own', Body: 'x', ...customer }))
    await s3.send(new GetObjectCommand({ Bucket: bucketName, Key: 'own', ...customer }))
    await s3.send(new HeadObjectCommand({ Bucket: bucketName, Key: 'own' })).catch(() => undefined)
    const wrong = { ...customer, SSECustomerKeyMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }
    await s3
      .send(new GetObjectCommand({ Bucket: bucketName, Key: 'own', ...wrong }))
      .catch((error: unknown) => responses.push(JSON.stringify(error)))
  }

  /** Good, for a key that is missing, and with a signature of its own for each that fails. */
  async function usePresignedUrls(key: KeyPair): Promise<void> {
    const token = keep('a session token', 'FwoGZXIvYXdzEBYaDSessionTokenOfATest')
    for (const [path, extra] of [
      ['k', ''],
      ['missing', ''],
      ['k', '&versionId=nonsense'],
      ['own', ''],
      ['k', `&X-Amz-Security-Token=${token}`],
    ] as const) {
      const { url, signature } = presign(`/${bucketName}/${path}`, key)
      keep(`the signature of a URL for ${path}${extra}`, signature)
      const headers = { referer: `http://page.example${url}` }
      const response = await fetch(`${server.endpoint}${url}${extra}`, { headers })
      responses.push(await response.text())
    }
  }

  function presign(path: string, credentials: KeyPair) {
    const url = presignRequest({
      method: 'GET',
      url: path,
      headers: { host: new URL(server.endpoint).host },
      credentials,
      region: server.region,
      nowMs: Date.now(),
      expiresSeconds: 600,
    })
    return { url, signature: /X-Amz-Signature=([0-9a-f]+)/.exec(url)?.[1] ?? '' }
  }

  async function postForm({ accessKeyId, secretAccessKey }: KeyPair): Promise<void> {
    const time = new Date().toISOString().replace(/[:-]|\.\d{3}/g, '')
    const scope = { date: time.slice(0, 8), region: server.region, service: 's3' }
    const signingKey = deriveSigningKey(secretAccessKey, scope)
    const credential = `${accessKeyId}/${formatScope(scope)}`
    const conditions = [
      { bucket: bucketName },
      ['starts-with', '$key', ''],
      ['starts-with', '$x-amz-credential', ''],
      ['starts-with', '$x-amz-algorithm', ''],
      ['starts-with', '$x-amz-date', ''],
    ]
    const expiration = new Date(Date.now() + 600_000).toISOString()
    const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64')
    keep('the policy of a form', policy)
    const signature = keep('the signature of a form', signingKey.sign(policy))
    const wrong = (signature.startsWith('0') ? '1' : '0') + signature.slice(1)
    for (const [key, signed, expected] of [
      ['posted', signature, 204],
      ['refused', keep('a wrong signature of a form', wrong), 403],
    ] as const) {
      const form = new FormData()
      form.set('key', key)
      form.set('policy', policy)
      form.set('x-amz-algorithm', 'AWS4-HMAC-SHA256')
      form.set('x-amz-credential', credential)
      form.set('x-amz-date', time)
      form.set('x-amz-signature', signed)
      form.set('file', new Blob(['matter']))
      const response = await fetch(`${server.endpoint}/${bucketName}`, { method: 'POST', body: form })
      assert.equal(response.status, expected, await response.clone().text())
      responses.push(await response.text())
    }
  }

  async function sendWrongCredentials({ accessKeyId }: KeyPair): Promise<void> {
    const secretAccessKey = keep('a secret that is wrong', 'w'.repeat(SECRET_LENGTH))
    const wrong = { ...server, credentials: { accessKeyId, secretAccessKey } }
    const { accessKeyId: rootId } = server.credentials
    for (const client of [wrong, { ...wrong, credentials: { accessKeyId: rootId, secretAccessKey } }]) {
      await lightsailClient(client)
        .send(new CreateBucketCommand({ bucketName: 'x', bundleId: 'small_1_0' }))
        .catch((error: unknown) => responses.push(JSON.stringify(error)))
      await s3Client(client)
        .send(new GetObjectCommand({ Bucket: bucketName, Key: 'k' }))
        .catch((error: unknown) => responses.push(JSON.stringify(error)))
    }
  }

  it('keeps no secret in its log, its output, its metrics, its responses, its command line or its data folder', async () => {
    const metrics = await (await fetch(`${server.endpoint}/-/metrics`)).text()
    const accessLog = await deliveredAccessLog()
    assert.match(accessLog, /REST\.GET\.OBJECT k /)
    assert.match(server.log(), /"operation":"GetObject"/)
    const places: Record<string, Buffer> = {
      log: Buffer.from(server.log()),
      output: Buffer.from(server.output()),
      metrics: Buffer.from(metrics),
      'access log': Buffer.from(accessLog),
      'command line': readFileSync(`/proc/${server.pid}/cmdline`),
      'audit log': readFileSync(join(server.dataFolder, 'audit.log')),
      ...filesIn(join(server.dataFolder, 'store')),
    }
    for (const [what, secret] of secrets) {
      assert.ok(secret.length >= 30, `${what} is known`)
      for (const [place, content] of Object.entries(places))
        assert.ok(!content.includes(secret), `${what} is in ${place}`)
    }
    // What was signed, and the signature sent, are told back to whose signature does not match, as S3 does: it opens nothing.
    for (const [what, secret] of secrets)
      if (!/signature|policy/.test(what))
        assert.ok(!responses.join('\n').includes(secret), `${what} is in a response`)
  })

  async function deliveredAccessLog(): Promise<string> {
    for (;;) {
      const text = await logText(server)
      if (text.includes('REST.POST')) return text
    }
  }
})

/** The lines of all access log objects. */
async function logText(server: RunningServer): Promise<string> {
  const s3 = s3Client(server)
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucketName, Prefix: 'logs/' }))
  const texts = await Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key }))
      return (await Body?.transformToString()) ?? ''
    }),
  )
  return texts.join('')
}

function filesIn(folder: string): Record<string, Buffer> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((file) => statSync(file).isFile())
      .map((file) => [file, readFileSync(file)]),
  )
}
