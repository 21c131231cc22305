import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { answerOk, serve } from '../../../test/harness/listener.ts'
import { exchangeBytes } from '../../../test/harness/raw-connection.ts'
import type { ExchangeHandler } from '../../api/exchange.ts'

describe('connections beyond the limit', () => {
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

  it('with the response loses the connection', async () => {
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
