import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, describe, it } from 'node:test'
import { ClientError, TransportError } from '../errors.ts'
import { parseRequestUrl } from './request-url.ts'
import { ConnectionTransport, type HttpRequest, type TransportOptions } from './transport.ts'

const servers: Server[] = []
const sockets = new Set<Socket>()
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

/** A server that answers what it was sent, once that is whole, with `answer`; undefined: with nothing. What it was sent, connection by connection. */
async function serve(answer: (request: string, socket: Socket) => string | undefined) {
  const received: string[] = []
  const ended: Promise<unknown>[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    const index = received.push('') - 1
    ended.push(once(socket, 'close'))
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      const request = `${received[index] ?? ''}${bytes.toString('latin1')}`
      received[index] = request
      const [head = '', body] = request.split('\r\n\r\n')
      const length = Number(/^content-length: (\d+)$/m.exec(head)?.[1] ?? 0)
      if (body === undefined || body.length < length) return
      const text = answer(request, socket)
      if (text !== undefined) socket.write(text, 'latin1')
    })
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { port, url: `http://127.0.0.1:${port}`, received, ended }
}

const transportWith = (options: Partial<TransportOptions> = {}): ConnectionTransport =>
  new ConnectionTransport({
    connectTimeoutMs: 5_000,
    readTimeoutMs: 5_000,
    tls: { isVerified: true },
    proxies: {},
    ...options,
  })

const request = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  url: parseRequestUrl(url),
  headers: {},
  ...more,
})

const OK = 'HTTP/1.1 200 OK\r\nx-of: server\r\ncontent-length: 2\r\n\r\nhi'

describe('a transport', () => {
  it('sends a request with its host, its length and its body, and reads the response', async () => {
    const { url, port, received } = await serve(() => OK)
    const response = await transportWith().send(
      request(`${url}/path?query`, {
        headers: { host: 'ignored', 'x-own': 'value', 'x-text': 'é' },
        body: Buffer.from('bödy'),
      }),
    )
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('x-of'), 'server')
    assert.equal(Buffer.from(response.body).toString(), 'hi')
    assert.deepEqual(received, [
      [
        'POST /path?query HTTP/1.1',
        `host: 127.0.0.1:${port}`,
        'x-own: value',
        'x-text: é',
        'connection: close',
        'content-length: 5',
        '',
        Buffer.from('bödy').toString('latin1'),
      ].join('\r\n'),
    ])
  })

  it('sends no length without a body', async () => {
    const { url, port, received } = await serve(() => OK)
    await transportWith().send(request(url, { method: 'GET' }))
    assert.deepEqual(received, [`GET / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\n\r\n`])
  })

  it('closes the connection of a request once the next one begins', async () => {
    const { url, received, ended } = await serve(() => OK)
    const transport = transportWith()
    await transport.send(request(url))
    await transport.send(request(url))
    assert.equal(received.length, 2)
    await ended[0]
  })

  it('takes a response that ends where the connection does', async () => {
    const { url } = await serve((_, socket) => {
      socket.end('HTTP/1.1 200 OK\r\n\r\nall of it')
      return undefined
    })
    const { body } = await transportWith().send(request(url))
    assert.equal(Buffer.from(body).toString(), 'all of it')
  })

  const broken: readonly (readonly [
    what: string,
    answer: (request: string, socket: Socket) => string | undefined,
  ])[] = [
    ['is closed before it answers', (_, socket) => void socket.end()],
    ['is reset', (_, socket) => void socket.resetAndDestroy()],
    ['is closed within the head', (_, socket) => void socket.end('HTTP/1.1 200 OK\r\nx: ')],
    [
      'is closed within the body',
      (_, socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhi'),
    ],
    ['does not speak HTTP', () => 'SSH-2.0-x\r\n\r\n'],
  ]
  for (const [what, answer] of broken)
    it(`tells of a server whose connection ${what}`, async () => {
      const { url } = await serve(answer)
      await assert.rejects(transportWith().send(request(url)), (error) => {
        assert.ok(error instanceof TransportError)
        assert.equal(error.kind, 'closed')
        assert.equal(
          error.message,
          `Connection was closed before we received a valid response from endpoint URL: "${url}/".`,
        )
        return true
      })
    })

  it('tells of a server that does not answer', async () => {
    const { url } = await serve(() => undefined)
    await assert.rejects(transportWith({ readTimeoutMs: 20 }).send(request(url)), {
      kind: 'read-timeout',
      message: `Read timeout on endpoint URL: "${url}/"`,
    })
  })

  it('tells of an endpoint that nobody listens at', async () => {
    const { url } = await serve(() => OK)
    servers.pop()?.close()
    await assert.rejects(transportWith().send(request(`${url}/x`)), {
      kind: 'connect',
      message: `Could not connect to the endpoint URL: "${url}/x"`,
    })
  })

  it('refuses a scheme that is none of HTTP', async () => {
    await assert.rejects(
      transportWith().send(request('ftp://a.example')),
      new ClientError('An HTTP Client raised an unhandled exception: Not supported URL scheme ftp'),
    )
  })

  it('tells of a server that speaks no TLS, and of one that says nothing', async () => {
    const plain = await serve(() => OK)
    const secureUrl = plain.url.replace('http:', 'https:')
    const talking = createServer((socket) => socket.on('error', () => undefined).end('no TLS here\n'))
    servers.push(talking)
    await once(talking.listen(0, '127.0.0.1'), 'listening')
    const url = `https://127.0.0.1:${(talking.address() as AddressInfo).port}`
    await assert.rejects(transportWith().send(request(url)), (error) => {
      assert.ok(error instanceof TransportError && error.kind === 'tls')
      assert.ok(error.message.startsWith(`SSL validation failed for ${url}/ `), error.message)
      return true
    })
    await assert.rejects(transportWith({ connectTimeoutMs: 50 }).send(request(secureUrl)), {
      kind: 'read-timeout',
      message: `Read timeout on endpoint URL: "${secureUrl}/"`,
    })
  })
})

describe('a transport with a proxy', () => {
  it('asks the proxy for the whole URL, and says who asks', async () => {
    const proxy = await serve(() => OK)
    const http = proxy.url.replace('http://', 'http://me:secret@')
    await transportWith({ proxies: { http } }).send(request('http://a.example/x?y', { method: 'GET' }))
    assert.deepEqual(proxy.received, [
      [
        'GET http://a.example/x?y HTTP/1.1',
        'host: a.example',
        `proxy-authorization: Basic ${Buffer.from('me:secret').toString('base64')}`,
        'connection: close',
        '',
        '',
      ].join('\r\n'),
    ])
  })

  it('says nothing of who asks where the proxy does not want to know', async () => {
    const proxy = await serve(() => OK)
    await transportWith({ proxies: { http: proxy.url } }).send(request('http://a.example/'))
    assert.doesNotMatch(proxy.received[0] ?? '', /authorization/)
  })

  it('asks for a tunnel to a server with TLS, and tells what the proxy says to that', async () => {
    for (const [endpoint, to, authority] of [
      ['https://a.example/x', 'a.example:443', ''],
      ['https://a.example:9443/x', 'a.example:9443', 'me:secret@'],
    ] as const) {
      const proxy = await serve(() => 'HTTP/1.1 407 Who are you\r\ncontent-length: 9\r\n\r\n')
      const https = proxy.url.replace('http://', `http://${authority}`)
      const shown = https.replace(authority, authority === '' ? '' : '***:***@')
      await assert.rejects(transportWith({ proxies: { https } }).send(request(endpoint)), {
        kind: 'proxy',
        message: `Failed to connect to proxy URL: "${shown}" (it answered 407)`,
      })
      const asked =
        authority === '' ? [] : [`proxy-authorization: Basic ${Buffer.from('me:secret').toString('base64')}`]
      assert.deepEqual(proxy.received, [
        [`CONNECT ${to} HTTP/1.1`, `host: ${to}`, ...asked, '', ''].join('\r\n'),
      ])
      await proxy.ended[0]
    }
  })

  it('tells of a proxy that nobody listens at', async () => {
    const proxy = await serve(() => OK)
    servers.pop()?.close()
    await assert.rejects(transportWith({ proxies: { http: proxy.url } }).send(request('http://a.example')), {
      kind: 'proxy',
      message: `Failed to connect to proxy URL: "${proxy.url}"`,
    })
  })
})
