import assert from 'node:assert/strict'
import { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { describe, it } from 'node:test'
import { Connection, type ConnectionHost } from './connection.ts'
import { WatchedRequest } from './watched-request.ts'

/** A connection whose client's bytes, and whose requests, the test makes up. */
function world(refusal: ReturnType<ConnectionHost['begin']> = null) {
  const raw = new Socket()
  let written = ''
  raw._write = (piece: Buffer, _, done) => {
    written += piece.toString('latin1')
    done()
  }
  Object.assign(raw, { _writev: null })
  const cut: string[] = []
  const begun: WatchedRequest[] = []
  let freed = 0
  const connection = new Connection(
    raw,
    {
      transferLimits: { bytesPerSecondMin: 1, windowMs: 1_000 },
      handshakeTimeoutMs: 500,
      begin: (_, request) => {
        begun.push(request)
        return refusal
      },
      onCut: (_, reason) => cut.push(reason),
      onFree: () => freed++,
    },
    1_000,
  )
  const fed: string[] = []
  const speak = (): void => {
    raw.on('data', (bytes: Buffer) => fed.push(bytes.toString('latin1')))
    connection.speakHttp(raw)
  }
  /** A request whose head was parsed; without a body it is whole. */
  const receive = (headers: Readonly<Record<string, string>> = {}) => {
    const request = new WatchedRequest(raw)
    Object.assign(request.headers, headers)
    request.complete = headers['content-length'] === undefined
    const response = new ServerResponse(request)
    connection.receive(request, response, false)
    return { request, response, close: () => response.emit('close') }
  }
  return { raw, connection, cut, begun, fed, speak, receive, written: () => written, freed: () => freed }
}

describe('a connection', () => {
  it('is cut when its TLS handshake takes too long, and when nothing is asked on it for too long', () => {
    const { raw, connection, cut } = world()
    connection.check(1_500)
    assert.deepEqual(cut, [])
    connection.check(1_501)
    assert.deepEqual([cut, raw.destroyed], [['handshake'], true])
    connection.check(9_000)
    assert.equal(cut.length, 1)
    const idle = world()
    idle.speak()
    idle.connection.onIdle()
    assert.deepEqual([idle.raw.destroyed, idle.cut], [true, []])
  })

  it('that only ever spoke nonsense is closed', () => {
    const { raw, connection, written } = world()
    connection.refuse('InvalidRequest')
    assert.deepEqual([raw.destroyed, written()], [true, ''])
  })

  it('must have a parser, and no more than one', () => {
    const { raw, connection } = world()
    assert.throws(() => connection.speakHttp(raw), TypeError)
    raw.on('data', () => undefined).on('data', () => undefined)
    assert.throws(() => connection.speakHttp(raw), TypeError)
  })

  it('forgets what a client showed when another one’s requests come over it', () => {
    const { connection } = world()
    const show = () => Object.assign(connection, { isProven: true, hasTaken: true })
    connection.serve('192.0.2.1')
    show()
    connection.serve('192.0.2.1')
    assert.deepEqual([connection.isProven, connection.hasTaken], [true, true])
    connection.serve('192.0.2.2')
    assert.deepEqual([connection.isProven, connection.hasTaken], [false, false])
  })

  it('begins its requests one after the other, and is free when all are over', () => {
    const { connection, begun, speak, receive, freed } = world()
    speak()
    assert.ok(connection.isIdle)
    const first = receive()
    const second = receive()
    assert.deepEqual([begun.length, connection.isIdle], [1, false])
    first.close()
    assert.deepEqual([begun, freed()], [[first.request, second.request], 0])
    second.close()
    assert.deepEqual([begun.length, connection.isIdle, freed()], [2, true, 1])
  })

  it('begins nothing behind a response that was the last, or once it is gone', () => {
    for (const end of [(raw: Socket) => raw.end(), (raw: Socket) => raw.destroy()]) {
      const { raw, begun, speak, receive, freed } = world()
      speak()
      const first = receive()
      receive()
      end(raw)
      first.close()
      assert.deepEqual([begun.length, freed()], [1, 0])
    }
  })

  it('lets so many heads wait, and is cut at one more', () => {
    const { cut, speak, receive } = world()
    speak()
    for (let count = 0; count < 33; count++) receive()
    assert.deepEqual(cut, [])
    receive()
    assert.deepEqual(cut, ['pipelining'])
  })

  it('may be sent so many bytes ahead of a response, more by who showed a key', () => {
    for (const [isProven, bytesMax] of [
      [false, 32 * 1024],
      [true, 256 * 1024],
    ] as const) {
      const { raw, connection, cut, speak, receive } = world()
      speak()
      receive()
      connection.isProven = isProven
      raw.emit('data', Buffer.alloc(bytesMax))
      connection.check(1_000)
      assert.deepEqual(cut, [])
      raw.emit('data', Buffer.alloc(1))
      connection.check(1_000)
      assert.deepEqual(cut, ['pipelining'])
    }
  })

  it('answers a request that cannot be begun with the reason', () => {
    const { raw, speak, receive, written } = world('SlowDown')
    speak()
    receive()
    assert.match(written(), /^HTTP\/1\.1 503 .*<Code>SlowDown<\/Code>/s)
    assert.equal(raw.writable, false)
  })

  it('refuses what cannot be read behind a whole request only once that is answered', () => {
    const { connection, speak, receive, written } = world()
    speak()
    const { response } = receive()
    connection.refuse('InvalidRequest')
    assert.equal(written(), '')
    response.emit('finish')
    assert.match(written(), /<Code>InvalidRequest</)
  })

  it('refuses what cannot be read of a request itself at once, or ends it where its response has begun', () => {
    const { connection, speak, receive, written } = world()
    speak()
    receive({ 'content-length': '5' })
    connection.refuse('InvalidRequest')
    assert.match(written(), /<Code>InvalidRequest</)
    const begun = world()
    begun.speak()
    const { response } = begun.receive({ 'content-length': '5' })
    response.assignSocket(begun.raw)
    response.writeHead(200).flushHeaders()
    begun.connection.refuse('InvalidRequest')
    assert.ok(begun.raw.destroyed)
    assert.doesNotMatch(begun.written(), /<Code>/)
  })

  it('drops what comes behind the refusal of a tunnel', () => {
    const { raw, connection, fed, speak, written } = world()
    speak()
    connection.refuseTunnel()
    assert.match(written(), /^HTTP\/1\.1 405 .*<Code>MethodNotAllowed</s)
    raw.emit('data', Buffer.from('GET / HTTP/1.1\r\n\r\n'))
    assert.deepEqual(fed, [])
  })

  it('on which nothing moves is cut where its client is waited for, and not where the server is the slow one', () => {
    const reading = world()
    reading.speak()
    reading.receive({ 'content-length': '5' }).request.read()
    reading.connection.onIdle()
    assert.deepEqual(reading.cut, ['idle'])
    assert.match(reading.written(), /<Code>RequestTimeout</)

    const unread = world()
    unread.speak()
    unread.receive({ 'content-length': '5' })
    unread.connection.onIdle()
    assert.deepEqual(unread.cut, [])

    const working = world()
    working.speak()
    working.receive()
    working.connection.onIdle()
    assert.deepEqual([working.cut, working.raw.destroyed], [[], false])
  })

  it('is cut without a word where nobody could read it', () => {
    for (const reason of ['crowded', 'slow-reader', 'pipelining'] as const) {
      const { raw, connection, cut, speak, receive, written } = world()
      speak()
      receive()
      connection.cut(reason)
      assert.deepEqual([cut, raw.destroyed, written()], [[reason], true, ''])
    }
    const { connection, speak, written } = world()
    speak()
    connection.cut('slow-sender')
    assert.equal(written(), '')
  })
})
