import assert from 'node:assert/strict'
import { Server as NetServer, connect } from 'node:net'
import { describe, it, mock } from 'node:test'
import { answerOk, serve } from '../../../test/harness/listener.ts'
import { exchangeBytes } from '../../../test/harness/raw-connection.ts'

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

  it('with CONNECT is answered before the connection is closed', async () => {
    const { url } = await serve({ s3: answerOk })
    const answer = await exchangeBytes(url, 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n')
    assert.match(answer, /^HTTP\/1.1 405 .*<Code>MethodNotAllowed</s)
  })

  it('with CONNECT may be left at once, or go on with anything, without harm to others', async () => {
    const { url, port } = await serve({ s3: answerOk })
    const connectHead = 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n'
    for (let round = 0; round < 20; round++) {
      const [leaving, goingOn] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')]
      for (const socket of [leaving, goingOn]) socket.on('error', () => undefined)
      leaving.write(connectHead, () => leaving.resetAndDestroy())
      goingOn.write(connectHead)
      goingOn.on('data', () => goingOn.write('PUT /b/k HTTP/1.1\r\nContent-Length: 5\r\n\r\n'))
      const answer = await exchangeBytes(url, 'GET /b/k HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
      assert.match(answer, /^HTTP\/1.1 200 /)
      goingOn.destroy()
    }
  })

  for (const coding of ['gzip, chunked', 'identity, chunked'])
    it(`with a body in the transfer coding ${coding} is refused, and no body in chunks alone`, async () => {
      const { url } = await serve({ s3: answerOk })
      const put = (text: string) =>
        exchangeBytes(
          url,
          `PUT /b/k HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: ${text}\r\n\r\n0\r\n\r\n`,
        )
      assert.match(await put(coding), /^HTTP\/1.1 501 .*<Code>NotImplemented</s)
      assert.match(await put('Chunked'), /^HTTP\/1.1 200 /)
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
