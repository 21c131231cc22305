import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, it } from 'node:test'
import type { ConsoleFiles } from '../console/console-files.ts'
import { answerReservedPath, isProbe, isReservedPath, type ReservedPathsOptions } from './reserved-paths.ts'

type Answer = {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly body: string | undefined
}

const requestOf = (url: string | undefined, method = 'GET', headers: Record<string, string> = {}) =>
  ({ url, method, headers: { host: 'localhost:9400', ...headers } }) as unknown as IncomingMessage

async function answerTo(
  request: IncomingMessage,
  options: Partial<ReservedPathsOptions & { isDraining: boolean; clientAddress: string }> = {},
): Promise<Answer> {
  const answer = { status: 0, headers: {}, body: undefined as string | undefined }
  const response = {
    writeHead: (status: number, headers: Record<string, unknown>) =>
      Object.assign(answer, { status, headers }),
    end: (body?: string | Buffer) => Object.assign(answer, { body: body?.toString() }),
  }
  await answerReservedPath(request, response as unknown as ServerResponse, {
    ...{ domain: null, metricsReaders: 'loopback', isDraining: false, clientAddress: '127.0.0.1' },
    checkStores: async () => ({ trouble: null, warning: null }),
    metricsText: async () => ({ contentType: 'text/metrics', text: 'ü 1' }),
    ...options,
  })
  return answer
}

describe('a reserved path', () => {
  it('begins with /-/, on any host but a bucket’s', () => {
    for (const [url, host, isReserved] of [
      ['/-/health', 'localhost', true],
      ['/-/', 'storage.example', true],
      ['/-', 'localhost', false],
      ['/a/-/b', 'localhost', false],
      ['/-/a', 'b.storage.example', false],
      ['/-/a', 'B.Storage.Example:9400', false],
      ['/-/a', 'storage.example:9400', true],
      ['/-/a', 'notstorage.example', true],
      [undefined, 'localhost', false],
    ] as const)
      assert.equal(
        isReservedPath(requestOf(url, 'GET', { host }), 'storage.example'),
        isReserved,
        `${url} ${host}`,
      )
    assert.ok(isReservedPath(requestOf('/-/a', 'GET', { host: 'b.storage.example' }), null))
    assert.ok(isReservedPath({ url: '/-/a', headers: {} } as unknown as IncomingMessage, 'storage.example'))
  })

  it('is a probe where it asks for health or readiness', () => {
    for (const url of ['/-/health', '/-/ready', '/-/ready?verbose'])
      assert.ok(isProbe(requestOf(url), null), url)
    for (const url of ['/-/metrics', '/-/healthy', '/health', '/'])
      assert.ok(!isProbe(requestOf(url), null), url)
    assert.ok(!isProbe(requestOf('/-/health', 'GET', { host: 'b.s.example' }), 's.example'))
  })

  it('tells that the process lives, and whether it takes requests', async () => {
    assert.deepEqual(await answerTo(requestOf('/-/health?x', 'GET'), { isDraining: true }), {
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'content-length': 3 },
      body: 'ok\n',
    })
    const ready = requestOf('/-/ready')
    const store = (trouble: string | null, warning: string | null) => ({
      checkStores: async () => ({ trouble, warning }),
    })
    for (const [options, status, body] of [
      [{}, 200, 'ok\n'],
      [store(null, 'the disk is low'), 200, 'ok\nthe disk is low\n'],
      [store('the disk is full', 'the disk is low'), 503, 'the disk is full\n'],
      [{ isDraining: true }, 503, 'stopping\n'],
      [
        { checkStores: async () => await Promise.reject(new Error('away')) },
        503,
        'the stores do not answer\n',
      ],
    ] as const) {
      const answer = await answerTo(ready, options)
      assert.deepEqual([answer.status, answer.body], [status, body])
    }
  })

  it('is for GET and HEAD, the second of which has no body', async () => {
    const head = await answerTo(requestOf('/-/health', 'HEAD'))
    assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, 3, undefined])
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      assert.deepEqual((await answerTo(requestOf('/-/health', method))).status, 405, method)
    assert.deepEqual((await answerTo(requestOf('/-/nothing'))).status, 404)
  })

  it('shows metrics to whom the setting says', async () => {
    const metrics = requestOf('/-/metrics')
    const shown = await answerTo(metrics)
    assert.deepEqual(shown, {
      status: 200,
      headers: { 'content-type': 'text/metrics', 'content-length': 4 },
      body: 'ü 1',
    })
    const stranger = { clientAddress: '192.0.2.1' }
    assert.equal((await answerTo(metrics, stranger)).status, 403)
    assert.equal((await answerTo(metrics, { ...stranger, metricsReaders: 'everyone' })).status, 200)
    assert.equal((await answerTo(metrics, { metricsReaders: 'off' })).status, 404)
    assert.equal((await answerTo(requestOf('/-/metrics', 'GET', { via: 'a proxy' }))).status, 403)
  })

  it('of a test goes, with any method, to what answers those, where there is such a thing', async () => {
    const asked: string[] = []
    const answerTestPath = async (request: IncomingMessage, _: ServerResponse, from: string) =>
      void asked.push(`${request.method} ${request.url} ${from}`)
    await answerTo(requestOf('/-/test/reset', 'POST'), { answerTestPath })
    await answerTo(requestOf('/-/tests', 'GET'), { answerTestPath })
    assert.deepEqual(asked, ['POST /-/test/reset 127.0.0.1'])
    assert.equal((await answerTo(requestOf('/-/test/reset', 'POST'))).status, 405)
    assert.equal((await answerTo(requestOf('/-/test/reset', 'GET'))).status, 404)
  })
})

describe('the console', () => {
  const file = (type: string, encodings: Record<string, number> = {}) => ({ type, encodings })
  const files = {
    get: (name: string) =>
      ({
        'index.html': file('text/html', { gzip: 3 }),
        'assets/a.js': file('text/javascript', { br: 2, gzip: 3 }),
        'plain.svg': file('image/svg+xml'),
      })[name],
    read: async (of: { type: string }, encoding: string | null) =>
      Buffer.from(`${of.type} ${encoding ?? 'plain'}`),
  } as unknown as ConsoleFiles
  const open = (path: string, accepted?: string, method = 'GET') =>
    answerTo(requestOf(path, method, accepted === undefined ? {} : { 'accept-encoding': accepted }), {
      console: files,
    })

  it('is at its path, where the build has it', async () => {
    const moved = await open('/-/console')
    assert.deepEqual([moved.status, moved.headers['location'], moved.body], [308, '/-/console/', undefined])
    for (const path of ['/-/console/', '/-/console/buckets/photos'])
      assert.equal((await open(path)).body, 'text/html plain', path)
    assert.equal((await open('/-/console/plain.svg')).body, 'image/svg+xml plain')
    assert.equal((await answerTo(requestOf('/-/console/'), { console: null })).status, 404)
    assert.equal((await open('/-/consoles')).status, 404)
    const missing = await open('/-/console/assets/gone.js')
    assert.deepEqual(
      [missing.status, missing.body, missing.headers['content-length']],
      [404, 'no such file\n', 13],
    )
    assert.equal((await open('/-/console/assets/gone.js', undefined, 'HEAD')).body, undefined)
  })

  it('has assets that may be kept for ever, and a page that may not', async () => {
    const asset = await open('/-/console/assets/a.js')
    assert.match(String(asset.headers['cache-control']), /max-age=31536000, immutable/)
    const page = await open('/-/console/')
    assert.equal(page.headers['cache-control'], 'no-cache')
    for (const { headers } of [asset, page]) {
      assert.equal(headers['vary'], 'accept-encoding')
      assert.match(String(headers['content-security-policy']), /default-src/)
    }
    assert.equal(asset.headers['content-length'], 'text/javascript plain'.length)
    assert.equal((await open('/-/console/', undefined, 'HEAD')).body, undefined)
  })

  it('comes in the smallest form that the client takes', async () => {
    for (const [accepted, encoding] of [
      [undefined, null],
      ['', null],
      ['gzip, deflate, br', 'br'],
      ['gzip', 'gzip'],
      ['GZIP;q=0.5', 'gzip'],
      ['br;q=0, gzip', 'gzip'],
      ['br;q=0.0,gzip;q=0', null],
      ['br;q=0.1', 'br'],
      ['identity', null],
      ['brotli', null],
    ] as const) {
      const { body, headers } = await open('/-/console/assets/a.js', accepted)
      assert.deepEqual(
        [body, headers['content-encoding']],
        [`text/javascript ${encoding ?? 'plain'}`, encoding ?? undefined],
        accepted,
      )
    }
    assert.equal((await open('/-/console/', 'br, gzip')).headers['content-encoding'], 'gzip')
  })
})
