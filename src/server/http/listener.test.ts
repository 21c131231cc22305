import assert from 'node:assert/strict'
import { connect, Server as NetServer } from 'node:net'
import { Agent, request as httpRequest } from 'node:http'
import { afterEach, describe, it, mock } from 'node:test'
import { systemClock } from '../../base/clock.ts'
import type { ExchangeHandler } from '../../api/exchange.ts'
import type { Network } from '../configuration/networks.ts'
import { createLogger } from '../logging/logger.ts'
import { Frontend } from './frontend.ts'
import { Listener } from './listener.ts'
import { exchangeBytes } from '../../../test/harness/raw-connection.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function serve(
  handlers: { readonly s3?: ExchangeHandler; readonly control?: ExchangeHandler },
  limits: Partial<ConstructorParameters<typeof Listener>[0]['limits']> = {},
  trustedProxies: readonly Network[] = [],
) {
  const pieces: string[] = []
  const log = createLogger({
    level: 'info',
    format: 'json',
    target: (piece, done) => {
      pieces.push(piece)
      done()
    },
    clock: systemClock,
  })
  const lines = (): string[] => {
    log.flush()
    return pieces.join('').trimEnd().split('\n')
  }
  const nobody: ExchangeHandler = async () => assert.fail('not the handler that was meant')
  const frontend = new Frontend({
    control: handlers.control ?? nobody,
    s3: handlers.s3 ?? nobody,
    clock: systemClock,
    log,
    onFinished: () => undefined,
    reserved: {
      domain: 'storage.example',
      metricsReaders: 'loopback',
      checkStores: async () => undefined,
      metricsText: async () => ({ contentType: 'text/plain', text: 'metrics' }),
    },
  })
  const clock = { nowMs: 0 }
  const cut: string[] = []
  const refused: string[] = []
  const listener = new Listener({
    nowMs: () => clock.nowMs,
    onCutConnection: (reason) => cut.push(reason),
    onRefusedConnection: (address) => refused.push(address),
    trustedProxies,
    address: { host: '127.0.0.1', port: 0 },
    tls: null,
    frontend,
    limits: {
      connectionsMax: 100,
      headerBytesMax: 16_384,
      headerTimeoutMs: 10_000,
      idleTimeoutMs: 10_000,
      keepAliveTimeoutMs: 10_000,
      connectionsPerAddressMax: 1000,
      bytesPerSecondMin: 0,
      failedSignaturesPerMinuteMax: 0,
      ...limits,
    },
    onAcceptError: (error) => log.error({ error }, 'not accepted'),
  })
  const { port } = await listener.listen()
  const check = () => listener.checkConnections()
  const stop = (drainTimeoutMs = 0) => listener.stop(drainTimeoutMs)
  stops.push(() => stop().catch(() => undefined))
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    lines,
    stop,
    check,
    cut,
    refused,
    clock,
    reloadTls: () => listener.reloadTls(),
  }
}

const answerOk: ExchangeHandler = async ({ response }) => {
  response.writeHead(200, { 'content-length': 2 }).end('ok')
}

describe('a request', () => {
  it('goes to the control plane when it is POST / with an X-Amz-Target, else to S3', async () => {
    const { url } = await serve({
      control: async ({ response }) => void response.end('control'),
      s3: async ({ response }) => void response.end('s3'),
    })
    const headers = { 'x-amz-target': 'Lightsail_20161128.GetBuckets' }
    assert.equal(await (await fetch(url, { method: 'POST', headers })).text(), 'control')
    assert.equal(await (await fetch(url, { method: 'POST' })).text(), 's3')
    assert.equal(await (await fetch(`${url}/bucket`, { method: 'POST', headers })).text(), 's3')
  })

  it('that a limit put off is no error in the log, whatever its status', async () => {
    const levels: string[] = []
    for (const isPutOff of [true, false]) {
      const { url, lines } = await serve({
        s3: async ({ response, facts }) => {
          facts.isPutOff = isPutOff
          response.writeHead(503).end()
        },
      })
      await fetch(`${url}/b/k`)
      while (lines()[0] === '') await new Promise(setImmediate)
      levels.push(/"level":"(\w+)"/.exec(lines()[0] ?? '')?.[1] ?? '')
    }
    assert.deepEqual(levels, ['info', 'error'])
  })

  it('for a reserved path is answered by the server itself, but under a bucket’s own host it is an object', async () => {
    const { url } = await serve({ s3: async ({ response }) => void response.end('object') })
    assert.equal(await (await fetch(`${url}/-/health`)).text(), 'ok\n')
    assert.equal(await (await fetch(`${url}/-/metrics`)).text(), 'metrics')
    assert.equal((await fetch(`${url}/-/nothing`)).status, 404)
    for (const host of ['b.storage.example:80', 'B.Storage.EXAMPLE']) {
      const answer = await exchangeBytes(
        url,
        `GET /-/health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      )
      assert.match(answer, /object/, host)
    }
  })

  it('is logged in one line without its query and headers', async () => {
    const { url, lines } = await serve({ s3: answerOk })
    await fetch(`${url}/b/k?X-Amz-Signature=c0ffee`, { headers: { authorization: 'AWS4 c0ffee' } })
    // The line is written once the answer has left, which the client may see first.
    while (lines()[0] === '') await new Promise(setImmediate)
    assert.equal(lines().length, 1)
    assert.match(lines()[0] ?? '', /"path":"\/b\/k"/)
    assert.doesNotMatch(lines()[0] ?? '', /c0ffee/)
  })
})

describe('a handler that rejects', () => {
  const fails: ExchangeHandler = async () => {
    throw new TypeError('oh')
  }

  it('becomes S3’s InternalError with the request id that the log names', async () => {
    const { url, lines } = await serve({ s3: fails })
    const answer = await fetch(`${url}/bucket`)
    const requestId = answer.headers.get('x-amz-request-id') ?? ''
    assert.equal(answer.status, 500)
    assert.match(await answer.text(), new RegExp(`<Code>InternalError</Code>.*<RequestId>${requestId}<`))
    assert.match(lines()[0] ?? '', new RegExp(`"error".*"requestId":"${requestId}"`))
  })

  it('becomes Lightsail’s ServiceException on the control plane', async () => {
    const { url } = await serve({ control: fails })
    const answer = await fetch(url, { method: 'POST', headers: { 'x-amz-target': 'X.Y' } })
    assert.equal(answer.status, 500)
    assert.equal(answer.headers.get('x-amzn-errortype'), 'ServiceException')
    assert.equal(((await answer.json()) as { __type: string }).__type, 'ServiceException')
  })

  it('cuts the connection when the answer had begun', async () => {
    const { url } = await serve({
      s3: async ({ response }) => {
        response.writeHead(200, { 'content-length': 100 }).write('half')
        throw new Error('lost')
      },
    })
    await assert.rejects(fetch(url).then((answer) => answer.text()))
  })
})

describe('Expect: 100-continue', () => {
  const put = (port: number, body: string) =>
    new Promise<{ status: number | undefined; isContinued: boolean }>((resolve, reject) => {
      let isContinued = false
      const request = httpRequest({
        port,
        method: 'PUT',
        path: '/b/k',
        headers: { expect: '100-continue', 'content-length': body.length },
      })
      request.on('continue', () => {
        isContinued = true
        request.end(body)
      })
      request.on('response', (response) => {
        response.resume()
        resolve({ status: response.statusCode, isContinued })
      })
      request.on('error', reject)
      request.flushHeaders()
    })

  it('is answered when the body is read', async () => {
    let received = ''
    const { port } = await serve({
      s3: async ({ request, response }) => {
        for await (const piece of request) received += String(piece)
        response.end()
      },
    })
    assert.deepEqual(await put(port, 'hello'), { status: 200, isContinued: true })
    assert.equal(received, 'hello')
  })

  it('is not answered when the request is refused before', async () => {
    const { port } = await serve({
      s3: async ({ response }) => void response.writeHead(403, { 'content-length': 0 }).end(),
    })
    assert.deepEqual(await put(port, 'hello'), { status: 403, isContinued: false })
  })
})

describe('bad input', () => {
  it('that is not HTTP gets a 400 and a closed connection', async () => {
    const { url } = await serve({})
    assert.match(await exchangeBytes(url, 'NONSENSE\r\n\r\n'), /^HTTP\/1.1 400 .*<Code>InvalidRequest</s)
  })

  it('with headers beyond the limit is refused as S3 does', async () => {
    const { port } = await serve({})
    const answer = await exchangeBytes(
      `http://127.0.0.1:${port}`,
      `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`,
    )
    assert.match(answer, /^HTTP\/1.1 400 .*<Code>RequestHeaderSectionTooLarge</s)
  })

  it('a body that stalls ends with RequestTimeout', async () => {
    const { port } = await serve(
      {
        s3: async ({ request }) => {
          await assert.rejects(request.toArray())
        },
      },
      { idleTimeoutMs: 50 },
    )
    const answer = await exchangeBytes(
      `http://127.0.0.1:${port}`,
      'PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc',
    )
    assert.match(answer, /^HTTP\/1.1 400 .*<Code>RequestTimeout</s)
  })

  it('a connection beyond the limit gets the place of one on which nothing is asked', async () => {
    const { port, url } = await serve({ s3: answerOk }, { connectionsMax: 1 })
    const first = connect(port, '127.0.0.1')
    await new Promise((resolve) => first.once('connect', resolve))
    const firstIsClosed = new Promise((resolve) => first.once('close', resolve))
    first.on('error', () => undefined)
    assert.equal(await (await fetch(url)).text(), 'ok')
    await firstIsClosed
  })

  it('a connection beyond the limit is closed when all others of its address are at work, and those go on', async () => {
    let release = (): void => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    let arrived = (): void => undefined
    const hasArrived = new Promise<void>((resolve) => (arrived = resolve))
    const s3: ExchangeHandler = async ({ response }) => {
      arrived()
      await released
      response.end('done')
    }
    const { url } = await serve({ s3 }, { connectionsMax: 1 })
    const first = fetch(url)
    await hasArrived
    await assert.rejects(fetch(url))
    release()
    assert.equal(await (await first).text(), 'done')
  })

  describe('when all connections are at work', () => {
    async function serveAtWork() {
      let release = (): void => undefined
      const released = new Promise<void>((resolve) => (release = resolve))
      let arrived = (): void => undefined
      const hasArrived = new Promise<void>((resolve) => (arrived = resolve))
      const server = await serve(
        {
          s3: async ({ response }) => {
            arrived()
            await released
            response.end('done')
          },
        },
        { connectionsMax: 1 },
      )
      const first = fetch(server.url)
      await hasArrived
      return { ...server, end: async () => assert.equal((release(), await (await first).text()), 'done') }
    }
    const ask = (path: string, host = 'x') => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`

    it('its health and readiness are told to others, once a connection, and nothing else', async () => {
      const { url, refused, end } = await serveAtWork()
      for (const path of ['/-/health', '/-/ready', '/-/health?x'])
        assert.match(await exchangeBytes(url, ask(path) + ask(path)), /^HTTP\/1\.1 200 (?:(?!HTTP).)*ok\n$/s)
      assert.deepEqual(refused, [])
      for (const other of [ask('/'), ask('/-/metrics'), ask('/-/health', 'b.storage.example'), 'NONSENSE'])
        assert.doesNotMatch(await exchangeBytes(url, `${other}\r\n\r\n`), /^HTTP\/1\.1 200/)
      assert.equal(refused.length, 4)
      await end()
    })

    it('its health is told, however many connections wait without a word', async () => {
      const { url, port, end } = await serveAtWork()
      const silent = Array.from({ length: 200 }, () =>
        connect(port, '127.0.0.1').on('error', () => undefined),
      )
      await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
      const closed = silent.map((socket) => new Promise((resolve) => socket.resume().once('close', resolve)))
      assert.match(await exchangeBytes(url, ask('/-/health')), /ok\n$/)
      await end()
      await Promise.all(closed)
    })
  })
})

describe('a client that is too slow', () => {
  const slowly = { idleTimeoutMs: 10_000, bytesPerSecondMin: 100 }

  it('with its body ends with RequestTimeout', async () => {
    let isReading = (): void => undefined
    const reading = new Promise<void>((resolve) => (isReading = resolve))
    const s3: ExchangeHandler = async ({ request }) => {
      request.once('data', () => isReading())
      await assert.rejects(request.toArray())
    }
    const { url, check, clock, cut } = await serve({ s3 }, slowly)
    const answer = exchangeBytes(url, 'PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc')
    await reading
    check()
    clock.nowMs = 10_000
    check()
    assert.match(await answer, /^HTTP\/1.1 400 .*<Code>RequestTimeout</s)
    assert.deepEqual(cut, ['slow-sender'])
  })

  it('with the answer loses the connection', async () => {
    const s3: ExchangeHandler = async ({ response }) => {
      const closed = new Promise((resolve) => response.once('close', resolve))
      response.end(Buffer.alloc(64 * 1024 * 1024))
      await closed
    }
    const { port, check, clock, cut } = await serve({ s3 }, slowly)
    const socket = connect(port, '127.0.0.1').pause()
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.on('error', () => undefined)
    socket.write('GET /b/k HTTP/1.1\r\nHost: x\r\n\r\n')
    await new Promise((resolve) => socket.once('readable', resolve))
    check()
    while (cut.length === 0) {
      clock.nowMs += 10_000
      check()
      await new Promise(setImmediate)
    }
    assert.deepEqual(cut, ['slow-reader'])
    socket.destroy()
    await closed
  })

  it('is not one whose body nobody reads yet', async () => {
    let release = (): void => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    let arrived = (): void => undefined
    const hasArrived = new Promise<void>((resolve) => (arrived = resolve))
    const s3: ExchangeHandler = async ({ request, response }) => {
      arrived()
      await released
      response.end(String(Buffer.concat((await request.toArray()) as Buffer[])))
    }
    const { url, check, clock, cut } = await serve({ s3 }, slowly)
    const answer = fetch(`${url}/b/k`, { method: 'PUT', body: 'abc' })
    await hasArrived
    for (clock.nowMs = 0; clock.nowMs < 60_000; clock.nowMs += 5_000) check()
    release()
    assert.equal(await (await answer).text(), 'abc')
    assert.deepEqual(cut, [])
  })
})

describe('the address of a client', () => {
  it('is what a trusted proxy says', async () => {
    const proxies = [{ address: '127.0.0.0', prefixLength: 8, family: 'ipv4' as const }]
    const s3: ExchangeHandler = async ({ client, response }) =>
      void response.end(`${client.address} ${client.isSecure}`)
    const { url } = await serve({ s3 }, {}, proxies)
    const headers = { 'x-forwarded-for': '203.0.113.1, 198.51.100.7', 'x-forwarded-proto': 'https' }
    assert.equal(await (await fetch(url, { headers })).text(), '198.51.100.7 true')
    assert.equal(await (await fetch((await serve({ s3 })).url, { headers })).text(), '127.0.0.1 false')
  })
})

describe('clients behind a trusted proxy', () => {
  const proxies = [{ address: '127.0.0.0', prefixLength: 8, family: 'ipv4' as const }]
  const get = (url: string, client: string, agent: Agent) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const headers = { 'x-forwarded-for': client }
      const request = httpRequest(url, { agent, headers }, (response) => {
        let text = ''
        response.on('data', (bytes: Buffer) => (text += bytes.toString()))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
        response.on('error', reject)
      })
      request.on('error', reject).end()
    })

  it('have each the limit of one address, and the proxy has none', async () => {
    const waiting: (() => void)[] = []
    const s3: ExchangeHandler = ({ response }) =>
      new Promise((resolve) => waiting.push(() => resolve(void response.end('ok'))))
    const { url, refused } = await serve({ s3 }, { connectionsPerAddressMax: 2 }, proxies)
    const agent = new Agent({ keepAlive: true })
    const one = ['192.0.2.1', '192.0.2.1'].map((client) => get(url, client, agent))
    while (waiting.length < 2) await new Promise(setImmediate)
    const third = await get(url, '192.0.2.1', agent)
    assert.equal(third.status, 503)
    assert.match(third.text, /<Code>SlowDown</)
    assert.deepEqual(refused, ['192.0.2.1'])
    assert.equal((await get(`${url}/-/health`, '192.0.2.1', agent)).status, 200)
    const others = ['192.0.2.2', '192.0.2.2', '192.0.2.3'].map((client) => get(url, client, agent))
    while (waiting.length < 5) await new Promise(setImmediate)
    for (const release of waiting.splice(0)) release()
    for (const { status } of await Promise.all([...one, ...others])) assert.equal(status, 200)
    // What is over does not count any more, also where the proxy keeps its connections.
    const again = ['192.0.2.1', '192.0.2.1'].map((client) => get(url, client, agent))
    while (waiting.length < 2) await new Promise(setImmediate)
    for (const release of waiting.splice(0)) release()
    for (const { status } of await Promise.all(again)) assert.equal(status, 200)
    agent.destroy()
  })

  it('do not profit from the key of another whose request came over the same connection', async () => {
    const standings: string[] = []
    const s3: ExchangeHandler = async ({ client, response }) => {
      if (client.address === '192.0.2.1') client.noteVerified('AKIA1')
      standings.push(client.standing)
      response.end('ok')
    }
    const { url } = await serve({ s3 }, {}, proxies)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (const client of ['192.0.2.1', '192.0.2.2', '192.0.2.2', '192.0.2.1']) await get(url, client, agent)
    assert.deepEqual(standings, ['caller', 'stranger', 'stranger', 'caller'])
    agent.destroy()
  })
})

describe('a connection that the system cannot hand over', () => {
  it('is logged each time, and those that come later are served', async () => {
    const listening = mock.method(NetServer.prototype, 'listen')
    const { url, lines } = await serve({ s3: answerOk })
    const server: unknown = listening.mock.calls[0]?.this
    listening.mock.restore()
    assert.ok(server instanceof NetServer)
    // As Node tells of an accept that failed.
    for (let count = 0; count < 2; count++) server.emit('error', new Error('accept EMFILE'))
    assert.equal(await (await fetch(url)).text(), 'ok')
    assert.equal(lines().filter((line) => /"msg":"not accepted"/.test(line)).length, 2)
  })
})

describe('reloadTls', () => {
  it('tells that a listener without TLS has no certificate to read again', async () => {
    const { reloadTls } = await serve({})
    assert.equal(reloadTls(), false)
  })
})

describe('stop', () => {
  it('lets a request in flight finish and takes no new connection', async () => {
    let release = (): void => undefined
    const released = new Promise<void>((resolve) => (release = resolve))
    let arrived = (): void => undefined
    const hasArrived = new Promise<void>((resolve) => (arrived = resolve))
    const { url, stop } = await serve({
      s3: async ({ response }) => {
        arrived()
        await released
        response.end('done')
      },
    })
    const answer = fetch(url)
    await hasArrived
    const stopped = stop(60_000)
    await assert.rejects(fetch(url))
    release()
    assert.equal(await (await answer).text(), 'done')
    assert.equal(await stopped, 0)
  })

  it('cuts what is still in flight when its time is over, and says how much', async () => {
    let arrived = (): void => undefined
    const hasArrived = new Promise<void>((resolve) => (arrived = resolve))
    const { url, stop } = await serve({ s3: async () => arrived() })
    const answer = fetch(url)
    const refused = assert.rejects(answer)
    await hasArrived
    assert.equal(await stop(10), 1)
    await refused
  })
})
