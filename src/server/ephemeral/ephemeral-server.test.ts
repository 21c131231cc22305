import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readSettings } from '../configuration/read.ts'
import { createLogger } from '../logging/logger.ts'
import { EphemeralServer } from './ephemeral-server.ts'
import { InvalidInput } from './invalid-input.ts'
import { MovableClock } from './movable-clock.ts'
import type { Seeder } from './seed.ts'
import { TestPaths } from './test-paths.ts'

const AT = Date.UTC(2030, 0, 1)
const DAY_MS = 24 * 3_600_000

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly headers: Headers
}

/** A server on a free port that is closed after the test, with the paths of tests, and what calls those. */
async function newServer(
  t: { after: (end: () => Promise<void>) => void },
  options: Readonly<Record<string, string>> = {},
  plant?: (seeder: Seeder) => Promise<void>,
) {
  const clock = new MovableClock({ startMs: AT, isStopped: true })
  const given = { ephemeral: 'yes', listen: '127.0.0.1:0', ...options }
  const paths = new TestPaths('loopback')
  const server = await EphemeralServer.start(
    {
      settings: readSettings({ options: new Map(Object.entries(given)), environment: {} }),
      clock,
      log: createLogger({ level: 'error', format: 'text', target: (_, done) => done(), clock }),
      holdsProcess: false,
      answerTestPath: (...request) => paths.answer(...request),
    },
    plant,
  )
  t.after(() => server.close(0))
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(`${server.url}/-/test/${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: text }),
    })
    return {
      status: response.status,
      body: (await response.json()) as Record<string, unknown>,
      headers: response.headers,
    }
  }
  const status = async (path: string): Promise<number> => (await fetch(`${server.url}/${path}`)).status
  return { server, clock, call, status }
}

const PUBLIC = { buckets: { site: { access: 'public', objects: { a: 'text' } } } } as const

describe('a server in memory', () => {
  it('goes back to its start: what was planted is there, what came later is gone, no fault waits', async (t) => {
    const { server, status } = await newServer(t, {}, (seeder) => seeder.plant(PUBLIC))
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/)
    assert.match(server.accountId, /^\d{12}$/)
    await server.seed({ buckets: { site: { objects: { b: '' } } } })
    server.faults.add({ code: 'SlowDown', times: 5 })
    assert.equal(await status('site/a'), 503)
    server.faults.clear()
    assert.deepEqual([await status('site/a'), await status('site/b')], [200, 200])
    server.faults.add({ code: 'SlowDown', times: 5 })
    await server.advance('1d')
    await server.reset()
    assert.deepEqual([server.faults.left, server.requests(), server.now().getTime()], [0, [], AT])
    assert.deepEqual([await status('site/a'), await status('site/b')], [200, 403])
  })

  it('goes back to a snapshot, as often as it is asked to, and to its time', async (t) => {
    const { server, status } = await newServer(t)
    await server.seed(PUBLIC)
    await server.advance('2h')
    const snapshot = await server.snapshot()
    for (const round of [1, 2]) {
      await server.seed({ buckets: { site: { objects: { b: '' } } } })
      await server.advance('1d')
      assert.equal(await status('site/b'), 200)
      await server.restore(snapshot)
      assert.deepEqual([await status('site/a'), await status('site/b')], [200, 403], `round ${round}`)
      assert.equal(server.now().getTime(), AT + 7_200_000)
    }
  })

  it('tells its requests and the date by its clock', async (t) => {
    const { server } = await newServer(t, { 'requests-kept': '2' })
    await server.seed(PUBLIC)
    for (const key of ['a', 'b', 'c']) {
      const response = await fetch(`${server.url}/site/${key}`)
      assert.equal(response.headers.get('date'), 'Tue, 01 Jan 2030 00:00:00 GMT')
    }
    assert.deepEqual(
      server
        .requests()
        .map(({ objectKey, operation, receivedAt }) => [objectKey, operation, receivedAt.getTime()]),
      [
        ['b', 'GetObject', AT],
        ['c', 'GetObject', AT],
      ],
    )
    server.clearRequests()
    assert.deepEqual(server.requests(), [])
  })

  it('moves its clock on, never back, and refuses what is no time and no bucket in the words of its API', async (t) => {
    const { server } = await newServer(t)
    await server.advanceTo('2030-01-03')
    assert.equal(server.now().getTime(), AT + 2 * DAY_MS)
    await server.advanceTo(new Date(AT + 3 * DAY_MS))
    await server.advanceTo(AT + 3 * DAY_MS)
    assert.equal(server.now().getTime(), AT + 3 * DAY_MS)
    for (const [work, message] of [
      [() => server.advanceTo('2030-01-02'), /^the clock shows 2030-01-04T00:00:00\.000Z and goes on only/],
      [() => server.advanceTo('soon'), /^the clock: expected a date, got soon$/],
      [() => server.advance('long'), /^advance: expected/],
      [() => server.advance(-1), /^advance: expected/],
      [() => server.createBucketAccessKey('nothing'), /nothing.* \(NotFoundException\)$/],
      [() => server.seedFolder('/nowhere/at/all'), /cannot be read/],
    ] as const)
      await assert.rejects(work, (error) => error instanceof InvalidInput && message.test(error.message))
    await server.createBucket('abc')
    await assert.rejects(server.createBucket('abc'), /\(InvalidInputException\)$/)
    assert.match((await server.createBucketAccessKey('abc')).accessKeyId, /^AKIA/)
  })

  it('has the account and the key pair that its settings say', async (t) => {
    const { server } = await newServer(t, {
      'account-id': '123456789012',
      'root-access-key-id': 'testing',
      'root-secret-access-key': 'secret',
      region: 'eu-west-1',
    })
    assert.deepEqual(
      [server.accountId, server.rootKey, server.region],
      ['123456789012', { accessKeyId: 'testing', secretAccessKey: 'secret' }, 'eu-west-1'],
    )
  })
})

describe('the paths of tests', () => {
  it('put the server back, to its start and to snapshots by their names', async (t) => {
    const { call, status } = await newServer(t)
    assert.deepEqual((await call('POST', 'seed', PUBLIC)).body, {})
    assert.deepEqual((await call('POST', 'snapshot')).body, { snapshot: '1' })
    assert.deepEqual((await call('POST', 'snapshot')).body, { snapshot: '2' })
    assert.deepEqual([(await call('POST', 'reset')).status, await status('site/a')], [200, 404])
    assert.deepEqual(
      [(await call('POST', 'restore', { snapshot: '1' })).status, await status('site/a')],
      [200, 200],
    )
    const none = await call('POST', 'restore', { snapshot: '3' })
    assert.deepEqual(
      [none.status, /^snapshot: expected the name/.test(String(none.body['message']))],
      [400, true],
    )
    assert.equal((await call('DELETE', 'snapshot')).status, 200)
    assert.equal((await call('POST', 'restore', { snapshot: '1' })).status, 400)
    for (let taken = 0; taken < 100; taken++) await call('POST', 'snapshot')
    const more = await call('POST', 'snapshot')
    assert.deepEqual(
      [more.status, /^there are 100 snapshots/.test(String(more.body['message']))],
      [400, true],
    )
  })

  it('move the clock, make faults, and tell and forget the requests', async (t) => {
    const { call, status } = await newServer(t)
    assert.deepEqual((await call('GET', 'clock')).body, { now: '2030-01-01T00:00:00.000Z' })
    assert.deepEqual((await call('POST', 'clock', { advance: '1d' })).body, {
      now: '2030-01-02T00:00:00.000Z',
    })
    assert.deepEqual((await call('POST', 'clock', { advanceTo: '2030-02-01' })).body, {
      now: '2030-02-01T00:00:00.000Z',
    })
    for (const input of [{}, { advance: '1d', advanceTo: '2031-01-01' }]) {
      const { status: code, body } = await call('POST', 'clock', input)
      assert.deepEqual([code, /^expected advance, such as/.test(String(body['message']))], [400, true])
    }
    await call('POST', 'faults', { code: 'SlowDown', times: 2 })
    assert.deepEqual((await call('GET', 'faults')).body, { requestsLeft: 2 })
    assert.equal(await status('site/a'), 503)
    await call('DELETE', 'faults')
    assert.deepEqual((await call('GET', 'faults')).body, { requestsLeft: 0 })
    const { requests } = (await call('GET', 'requests')).body as { requests: Record<string, unknown>[] }
    assert.deepEqual(
      requests.map(({ path, errorCode }) => [path, errorCode]),
      [['/site/a', 'SlowDown']],
    )
    await call('DELETE', 'requests')
    assert.deepEqual((await call('GET', 'requests')).body, { requests: [] })
  })

  it('say what is wrong with what they are asked', async (t) => {
    const { server, call } = await newServer(t)
    const unknown = await call('GET', 'nothing')
    assert.equal(unknown.status, 404)
    assert.match(
      String(unknown.body['message']),
      /^there is no \/-\/test\/nothing; there are \/-\/test\/reset, /,
    )
    const wrong = await call('PUT', 'clock')
    assert.deepEqual(
      [wrong.status, wrong.body['message'], wrong.headers.get('allow')],
      [405, '/-/test/clock takes GET, POST', 'GET, POST'],
    )
    for (const [body, message] of [
      ['{', /^the body is no JSON: /],
      ['[]', /^the body must be a JSON object$/],
      ['null', /^the body must be a JSON object$/],
      ['1', /^the body must be a JSON object$/],
    ] as const) {
      const { status, body: answer } = await call('POST', 'seed', body)
      assert.deepEqual([status, message.test(String(answer['message']))], [400, true], body)
    }
    assert.equal((await call('POST', 'reset', '  \n')).status, 200)
    const response = await fetch(`${server.url}/-/test/clock?a=b`)
    assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'application/json'])
    assert.equal(await response.text(), '{"now":"2030-01-01T00:00:00.000Z"}\n')
  })

  it('are not for pages in a browser, nor for names that a stranger may have pointed here', async (t) => {
    const { call } = await newServer(t)
    for (const [headers, message] of [
      [{ origin: 'http://localhost' }, /not for pages in a browser/],
      [{ 'sec-fetch-site': 'same-origin' }, /not for pages in a browser/],
      [{ 'x-forwarded-for': '192.0.2.1' }, /for this machine only; see/],
    ] as const) {
      const { status, body } = await call('GET', 'clock', undefined, headers)
      assert.deepEqual([status, message.test(String(body['message']))], [403, true], JSON.stringify(headers))
    }
    assert.equal((await call('GET', 'clock', undefined, { 'sec-fetch-site': 'none' })).status, 200)
  })
})
