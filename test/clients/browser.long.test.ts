import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, it } from 'node:test'
import { PutBucketCorsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { build } from 'esbuild'
import { presignRequest } from '../../src/auth/presign-request.ts'
import { presignVersion2 } from '../harness/presign-version-2.ts'
import { needs, pathOf, startWorld } from './world.ts'

const FOLDER = resolve('test/clients/browser')
const SIZE_BYTES = 12 * 1024 * 1024
/** A picture of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const CHROMIUM = pathOf('chromium-headless-shell') === undefined ? 'chromium' : 'chromium-headless-shell'
const missing = needs(CHROMIUM)
const skip =
  missing.skip === false
    ? !existsSync(`${FOLDER}/node_modules/playwright-core`) &&
      'playwright-core is not here (see test/clients/install-sdks.sh)'
    : missing.skip

interface Seen {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly text: string
}

/** A page in Chromium, on an origin of its own. */
class BrowserPage {
  readonly origin: string
  readonly #server: Server
  readonly #browser: ChildProcess
  readonly #answers: AsyncIterator<string>

  private constructor(server: Server, origin: string) {
    this.#server = server
    this.origin = origin
    this.#browser = spawn(process.execPath, [`${FOLDER}/drive.mjs`, pathOf(CHROMIUM) ?? '', `${origin}/`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const { stdout } = this.#browser
    assert(stdout)
    this.#answers = createInterface({ input: stdout })[Symbol.asyncIterator]()
  }

  static async open(): Promise<BrowserPage> {
    const bundle = await build({
      entryPoints: [`${FOLDER}/page.js`],
      bundle: true,
      write: false,
      format: 'iife',
      platform: 'browser',
      logLevel: 'error',
    })
    const script = bundle.outputFiles[0]?.contents ?? ''
    const server = createServer((request, response) => {
      const isScript = request.url === '/page.js'
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
      response.end(isScript ? script : '<!doctype html><body><script src="/page.js"></script>')
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    // Another origin than the server's 127.0.0.1, and one where pages may use the browser's digests.
    return new BrowserPage(server, `http://localhost:${port}`)
  }

  /** Has the page run a case; rejects with what it threw. */
  async run(name: string, input: object): Promise<unknown> {
    this.#browser.stdin?.write(`${JSON.stringify({ name, input })}\n`)
    const line = await this.#answers.next()
    assert(line.done !== true, 'the browser ended')
    const answer = JSON.parse(line.value) as { output?: unknown; error?: string }
    assert.equal(answer.error, undefined)
    return answer.output
  }

  async close(): Promise<void> {
    this.#browser.stdin?.end()
    await new Promise((done) =>
      this.#browser.exitCode === null ? this.#browser.once('close', done) : done(null),
    )
    this.#server.close()
  }
}

describe('a page in Chromium on another origin', { skip }, () => {
  const world = startWorld(() => Promise.resolve(page?.close()))
  let page: BrowserPage | undefined
  let root: S3Client

  before(async () => {
    page = await BrowserPage.open()
    const { endpoint, region, rootKey: credentials, bucket } = world()
    root = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
    await root.send(
      new PutBucketCorsCommand({
        Bucket: bucket,
        CORSConfiguration: {
          CORSRules: [
            {
              AllowedOrigins: [page.origin],
              AllowedMethods: ['GET', 'PUT', 'POST', 'HEAD'],
              AllowedHeaders: ['*'],
              // As of S3 itself, lib-storage reads ETag and checksum of each part.
              ExposeHeaders: ['ETag', 'x-amz-checksum-crc32', 'x-amz-meta-a'],
            },
          ],
        },
      }),
    )
  })
  after(() => root.destroy())

  const run = async (name: string, more: object = {}): Promise<unknown> => {
    const { endpoint, region, bucket, key } = world()
    assert(page)
    return await page.run(name, { endpoint, region, bucket, credentials: key, ...more })
  }
  const url = (path: string): string => `${world().endpoint}/${world().bucket}${path}`
  const see = async (target: string, init: object = {}): Promise<Seen> =>
    (await run('see', { url: target, init })) as Seen

  function presigned(
    method: string,
    path: string,
    more: Partial<Parameters<typeof presignRequest>[0]> = {},
  ): string {
    const { endpoint, region, key, bucket } = world()
    const { host } = new URL(endpoint)
    const signing = { method, url: `/${bucket}${path}`, headers: { host }, credentials: key, region }
    return endpoint + presignRequest({ ...signing, nowMs: Date.now(), expiresSeconds: 60, ...more })
  }

  function presigned2(method: string, path: string, expires = Math.floor(Date.now() / 1000) + 60): string {
    const { endpoint, key, bucket } = world()
    return endpoint + presignVersion2({ method, url: `/${bucket}${path}`, credentials: key, expires })
  }

  it('puts, gets, lists and deletes with the SDK and a bucket key', async () => {
    const keys = ['per%cent', 'plain', 'plus+sign', 'with space', 'é/ü']
    assert.deepEqual(await run('sdk'), {
      seen: Object.fromEntries(keys.map((key) => [key, [key, true, 'b']])),
      keys,
      left: 0,
    })
  })

  it('gets the errors of the SDK by their names', async () => {
    assert.deepEqual(await run('sdkRefusals'), {
      missing: 'NoSuchKey',
      long: 'KeyTooLongError',
      precondition: 'NoSuchKey',
      secret: 'SignatureDoesNotMatch',
    })
  })

  it('uploads in parts with lib-storage, byte for byte', async () => {
    const { isSame, ETag, progress } = (await run('parts', { sizeBytes: SIZE_BYTES })) as Record<
      string,
      unknown
    >
    assert.equal(isSame, true)
    assert.match(String(ETag), /^"[0-9a-f]{32}-3"$/)
    assert.equal(progress, SIZE_BYTES)
  })

  it('puts and gets by presigned URLs of both versions', async () => {
    const urls = [presigned, presigned2].map((sign) => ({
      put: sign('PUT', '/by-url'),
      get: sign('GET', '/by-url'),
    }))
    assert.deepEqual(
      await run('presigned', { urls }),
      urls.map(() => [200, 'presigned']),
    )
  })

  it('uploads by a form, and reads why one is refused', async () => {
    const taken = (await run('form', { url: url(''), fields: signedForm('uploads/') })) as Seen
    assert.equal(taken.status, 204)
    const refusals: readonly (readonly [fields: object, status: number, code: string, message: RegExp])[] = [
      [
        signedForm('elsewhere/', 'uploads/'),
        403,
        'AccessDenied',
        /^Invalid according to Policy: Policy Condition failed: \[.*starts-with.*, .*\$Key.*, .*uploads\/.*\]$/,
      ],
      [{ ...signedForm('uploads/'), acl: 'private' }, 403, 'AccessDenied', /Extra input fields: acl/],
      [{ ...signedForm('uploads/'), Policy: 'e30=' }, 403, 'SignatureDoesNotMatch', /./],
      [{ ...signedForm('uploads/'), 'x-amz-credential': 'half' }, 400, 'InvalidArgument', /./],
      [{ policy: 'e30=' }, 400, 'InvalidArgument', /./],
      [{ key: 'uploads/x' }, 403, 'AccessDenied', /./],
    ]
    for (const [fields, status, code, message] of refusals) {
      const seen = (await run('form', { url: url(''), fields })) as Seen
      assert.deepEqual([seen.status, seen.code], [status, code], JSON.stringify(seen))
      assert.match(seen.message, message)
    }
  })

  it('reads code and message of every refusal that knows its bucket', async () => {
    const refusals: readonly (readonly [
      target: string,
      init: object,
      status: number,
      code: string,
      message?: string,
    ])[] = [
      [url('/missing'), {}, 403, 'AccessDenied'],
      [url(`/${'k'.repeat(1025)}`), {}, 400, 'KeyTooLongError'],
      [url('/%ff'), {}, 400, 'InvalidURI'],
      [url('/%zz'), {}, 400, 'InvalidURI'],
      [url('/key?&acl'), {}, 400, 'InvalidURI'],
      [url('/key?torrent'), {}, 501, 'NotImplemented'],
      [url('?website'), {}, 501, 'NotImplemented'],
      [url('/key?acl&tagging'), {}, 400, 'InvalidArgument'],
      [url('/key?versionId=1&versionId=2'), {}, 400, 'InvalidArgument'],
      [url('/key?uploads&uploadId=1'), { method: 'POST' }, 400, 'InvalidArgument'],
      [url('/key'), { method: 'POST' }, 405, 'MethodNotAllowed'],
      [
        url('/key'),
        { headers: { authorization: 'AWS4-HMAC-SHA256 half' } },
        400,
        'AuthorizationHeaderMalformed',
      ],
      [url('/key'), { headers: { authorization: 'AWS a:b' } }, 400, 'InvalidRequest'],
      [
        presigned('GET', '/key', { nowMs: Date.now() - 120_000 }),
        {},
        403,
        'AccessDenied',
        'Request has expired',
      ],
      [presigned2('GET', '/key', 1_700_000_000), {}, 403, 'AccessDenied', 'Request has expired'],
      [presigned2('GET', '/key').replace(/Signature=[^&]*/, 'Signature=x'), {}, 403, 'SignatureDoesNotMatch'],
      [`${presigned2('GET', '/key')}&retention`, {}, 400, 'InvalidArgument'],
      [presigned('GET', '/key', { region: 'eu-west-1' }), {}, 400, 'AuthorizationQueryParametersError'],
      [
        presigned('GET', '/key').replace('X-Amz-Date=', 'X-Amz-Dat='),
        {},
        400,
        'AuthorizationQueryParametersError',
      ],
      [
        presigned('GET', '/key').replace('Expires=60', 'Expires=999999'),
        {},
        400,
        'AuthorizationQueryParametersError',
      ],
      [presigned('PUT', '/key'), { method: 'GET' }, 403, 'SignatureDoesNotMatch'],
      [
        presigned('PUT', '/key'),
        { method: 'PUT', body: 'x', headers: { 'x-amz-acl': 'private' } },
        403,
        'AccessDenied',
        'There were headers present in the request which were not signed',
      ],
      [
        presigned('PUT', '/key?partNumber=0&uploadId=none'),
        { method: 'PUT', body: 'x' },
        400,
        'InvalidArgument',
      ],
      [
        presigned('PUT', '/key?partNumber=1&uploadId=none'),
        { method: 'PUT', body: 'x' },
        404,
        'NoSuchUpload',
      ],
      [presigned('GET', '/missing'), {}, 404, 'NoSuchKey'],
      // The browser asks before it sends these.
      [url(`/${'k'.repeat(1025)}`), { method: 'PUT', body: 'x' }, 400, 'KeyTooLongError'],
      [url('/%ff'), { method: 'PUT', body: 'x' }, 400, 'InvalidURI'],
      [url('/key?versionId=1&versionId=2'), { method: 'PUT', body: 'x' }, 400, 'InvalidArgument'],
      [
        url('/key?select&select-type=2'),
        { method: 'POST', headers: { 'x-amz-acl': 'private' } },
        501,
        'NotImplemented',
      ],
      [`${presigned2('PUT', '/key')}&retention`, { method: 'PUT', body: 'x' }, 400, 'InvalidArgument'],
    ]
    for (const [target, init, status, code, message] of refusals) {
      const seen = await see(target, init)
      const what = `${target}: ${seen.message}`
      assert.deepEqual([seen.status, seen.code], [status, code], what)
      if (message !== undefined) assert.equal(seen.message, message, what)
    }
  })

  it('is not let to what no rule allows, and whoever looks is told method and kind of resource', async () => {
    const { status } = await see(url('/key'), { method: 'DELETE' })
    assert.equal(status, 0)
    assert(page)
    for (const [path, resourceType] of [
      ['/key', 'OBJECT'],
      ['', 'BUCKET'],
    ] as const) {
      const answer = await fetch(url(path), {
        method: 'OPTIONS',
        headers: { origin: page.origin, 'access-control-request-method': 'DELETE' },
      })
      const text = await answer.text()
      assert.equal(answer.status, 403)
      assert.match(text, /<Code>AccessForbidden<\/Code>/)
      assert.match(text, /<Method>DELETE<\/Method>/)
      assert.match(text, new RegExp(`<ResourceType>${resourceType}</ResourceType>`))
    }
  })

  it('is not answered from its cache what was asked for without an origin', async () => {
    const put = { Bucket: world().bucket, Key: 'pixel.png', Body: PIXEL, ContentType: 'image/png' }
    await root.send(new PutObjectCommand({ ...put, CacheControl: 'max-age=3600' }))
    assert.deepEqual(await run('cached', { url: presigned('GET', '/pixel.png') }), ['loaded', 'loaded'])
  })

  /** Fields of a form for a key that begins with a text, whose policy lets it begin with that, or with another one. */
  function signedForm(prefix: string, allowed = prefix): Readonly<Record<string, string>> {
    const { key, region, bucket } = world()
    const now = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
    const date = now.slice(0, 8)
    const given = {
      'x-amz-algorithm': 'AWS4-HMAC-SHA256',
      'x-amz-credential': `${key.accessKeyId}/${date}/${region}/s3/aws4_request`,
      'x-amz-date': now,
    }
    const document = {
      expiration: new Date(Date.now() + 60_000).toISOString(),
      conditions: [
        { bucket },
        ['starts-with', '$Key', allowed],
        ...Object.entries(given).map(([name, value]) => ({ [name]: value })),
      ],
    }
    const policy = Buffer.from(JSON.stringify(document)).toString('base64')
    let signer: Buffer = Buffer.from(`AWS4${key.secretAccessKey}`)
    for (const part of [date, region, 's3', 'aws4_request', policy])
      signer = createHmac('sha256', signer).update(part).digest()
    return { key: `${prefix}file`, ...given, Policy: policy, 'x-amz-signature': signer.toString('hex') }
  }
})
