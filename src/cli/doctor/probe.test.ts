import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { probe } from './probe.ts'

const PLAIN = { isVerified: true }

/** Asks a server that answers so. */
async function asked(listener: RequestListener, path = '/', host?: string) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    return await probe(new URL(`http://127.0.0.1:${port}${path}`), PLAIN, host)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

describe('a probe of a server', () => {
  it('tells status and text of the response to a GET', async () => {
    const seen: (string | undefined)[] = []
    const response = await asked((request, answer) => {
      seen.push(request.method, request.url, request.headers.host)
      answer.writeHead(418).end('some text')
    }, '/-/health?x')
    assert.deepEqual([response.status, response.text, response.certificateUntil], [418, 'some text', null])
    assert.deepEqual(seen.slice(0, 2), ['GET', '/-/health?x'])
    assert.match(seen[2] ?? '', /^127\.0\.0\.1:\d+$/)
  })

  it('names another host where that is wanted', async () => {
    let host: string | undefined
    await asked(
      (request, answer) => {
        host = request.headers.host
        answer.end()
      },
      '/',
      'bucket.example.com',
    )
    assert.equal(host, 'bucket.example.com')
  })

  it('keeps 4,096 characters of a text', async () => {
    const { text } = await asked((_, answer) => answer.end(`${'x'.repeat(4_096)}y`))
    assert.equal(text, 'x'.repeat(4_096))
  })

  it('tells how far the server’s clock is ahead, where it says its time', async () => {
    const ahead = await asked((_, answer) => {
      answer.setHeader('date', new Date(Date.now() + 3_600_000).toUTCString()).end()
    })
    assert.equal(Math.round((ahead.clockAheadMs ?? 0) / 60_000), 60)
    const silent = await asked((_, answer) => {
      answer.sendDate = false
      answer.end()
    })
    assert.equal(silent.clockAheadMs, null)
  })

  it('fails where nobody answers, and where the connection is cut', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    await assert.rejects(probe(new URL(`http://127.0.0.1:${port}/`), PLAIN), { code: 'ECONNREFUSED' })
    await assert.rejects(
      asked((request) => request.socket.destroy()),
      { code: 'ECONNRESET' },
    )
    await assert.rejects(
      asked((_, answer) => {
        answer.writeHead(200, { 'content-length': '9' }).write('x')
        setImmediate(() => answer.destroy())
      }),
    )
  })
})
