import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import { describe, it } from 'node:test'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { RequestGate } from './request-gate.ts'
import { WatchedRequest } from './watched-request.ts'

/** A gate before a parser of heads and bodies, which notes where in the bytes it was given each request came to be whole. */
function world() {
  const socket = new Socket()
  const is = { busy: false, needingDrain: false }
  Object.defineProperty(socket, 'writableNeedDrain', { get: () => is.needingDrain })
  const pieces: string[] = []
  const requests: WatchedRequest[] = []
  let [head, bodyLeft]: [string, number | 'coded'] = ['', 0]
  const feed = (bytes: Buffer): void => {
    pieces.push(bytes.toString('latin1'))
    const request = requests.at(-1)
    if (request && !request.complete) {
      request.push(Buffer.from(bytes))
      if (bodyLeft === 'coded') request.complete = pieces.join('').endsWith('0\r\n\r\n')
      else request.complete = (bodyLeft -= bytes.length) === 0
      if (request.complete) request.push(null)
      return
    }
    head += bytes.toString('latin1')
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    assert.equal(end + 4, head.length, 'a head comes to its end with the bytes that are let through')
    begin(head)
    head = ''
  }
  const begin = (text: string): void => {
    const request = new WatchedRequest(new Socket())
    const length = /length: (\d+)/.exec(text)?.[1]
    if (length !== undefined) request.headers['content-length'] = length
    if (text.includes('chunked')) request.headers['transfer-encoding'] = 'chunked'
    bodyLeft = text.includes('chunked') ? 'coded' : Number(length ?? 0)
    request.complete = bodyLeft === 0
    requests.push(request)
    is.busy = true
    gate.begin(request)
  }
  const gate = new RequestGate({ socket, feed, isBusy: () => is.busy })
  const send = (text: string): boolean => socket.emit('data', Buffer.from(text, 'latin1'))
  /** The response went out, and the next request may come. */
  const answer = (): void => {
    is.busy = false
    gate.advance()
  }
  return { socket, is, pieces, requests, gate, send, answer, fed: () => pieces.join('') }
}

describe('a gate before the parser', () => {
  it('lets one head through after the other, each when the one before is answered', () => {
    const { socket, fed, gate, send, answer } = world()
    send('GET /a\r\n\r\nGET /b\r\n\r\nGET /c')
    assert.deepEqual([fed(), gate.waitingBytes, socket.isPaused()], ['GET /a\r\n\r\n', 16, true])
    assert.equal(gate.receivedBytes, 26)
    answer()
    assert.equal(fed(), 'GET /a\r\n\r\nGET /b\r\n\r\n')
    assert.ok(socket.isPaused())
    answer()
    assert.deepEqual([fed().slice(20), gate.waitingBytes, socket.isPaused()], ['GET /c', 0, false])
    send('\r\n\r\n')
    assert.deepEqual([fed().slice(20), socket.isPaused()], ['GET /c\r\n\r\n', false])
  })

  it('finds the ends of heads however the bytes are divided', () => {
    const text =
      'G\r\n\r\r\n\r\nlength: 9\r\n\r\na\r\n\r\nb\r\n\rX\r\n\r\n\r\r\n\n\r\n\r\nY\n\r\n\r\nlength: 4\r\n\r\n\r\n\r\nEnd\r\n\r\n'
    const random = new SeededRandom(7)
    for (let round = 0; round < 300; round++) {
      const { requests, fed, send, answer, socket } = world()
      let answered = 0
      const goOn = (): void => {
        for (; answered < requests.length; answered++) {
          requests[answered]?.resume()
          requests[answered]?.read()
          if (requests[answered]?.complete !== true) return
          answer()
        }
      }
      for (let at = 0; at < text.length;) {
        const end = at + 1 + random.below(round < 20 ? 1 : 12)
        send(text.slice(at, end))
        at = end
        goOn()
      }
      assert.deepEqual([fed(), requests.length, socket.isPaused()], [text, 7, false], `round ${round}`)
    }
  })

  it('gives a body to its reader alone, as long as it is, and nothing behind it', () => {
    const { socket, fed, gate, requests, send } = world()
    const head = 'PUT /a length: 6\r\n\r\n'
    send(`${head}abc`)
    assert.deepEqual([fed(), gate.isBodyWanted, gate.waitingBytes], [head, false, 3])
    assert.ok(socket.isPaused())
    requests[0]?.read()
    assert.deepEqual([fed(), gate.isBodyWanted, socket.isPaused()], [`${head}abc`, true, false])
    send('defGET /b\r\n\r\n')
    assert.deepEqual([fed(), gate.waitingBytes], [`${head}abcdef`, 10])
    assert.ok(requests[0]?.complete)
  })

  it('asks for the body of the next request anew', () => {
    const { fed, gate, requests, send, answer } = world()
    send('PUT /a length: 1\r\n\r\na')
    requests[0]?.read()
    assert.ok(gate.isBodyWanted)
    send('PUT /b length: 1\r\n\r\nb')
    answer()
    assert.deepEqual([gate.isBodyWanted, fed().endsWith('\r\n\r\n')], [false, true])
  })

  it('lets no more of a coded body wait for its reader than a bound', () => {
    const { socket, gate, requests, send, pieces } = world()
    send('PUT /a chunked\r\n\r\n')
    const chunk = `1000\r\n${'x'.repeat(4_096)}\r\n`
    send(chunk)
    assert.equal(pieces.length, 1)
    const [request] = requests
    assert.ok(request)
    request.read()
    for (let count = 0; count < 20; count++) send(chunk)
    const waiting = request.readableLength
    assert.ok(waiting > 16 * 1024 && waiting < 32 * 1024, String(waiting))
    assert.ok(socket.isPaused() && gate.waitingBytes > 12 * 4_096)
    while (request.read() !== null);
    assert.ok(request.readableLength <= 32 * 1024)
    assert.ok(gate.waitingBytes < 21 * chunk.length - waiting)
  })

  it('waits with the next head until what was answered has left', () => {
    const { socket, is, fed, send } = world()
    is.needingDrain = true
    send('GET /a\r\n\r\n')
    assert.deepEqual([fed(), socket.isPaused()], ['', true])
    is.needingDrain = false
    socket.emit('drain')
    assert.deepEqual([fed(), socket.isPaused()], ['GET /a\r\n\r\n', false])
  })

  it('gives nothing to the parser of a connection that is gone', () => {
    const { socket, is, fed, send, answer } = world()
    is.busy = true
    send('GET /a\r\n\r\n')
    socket.destroy()
    answer()
    assert.equal(fed(), '')
  })

  it('reads the rest of a body that nobody wants where it is short enough, and else drops it unseen', () => {
    for (const [bytesMax, isRead] of [
      [5, false],
      [6, true],
    ] as const) {
      const { gate, send } = world()
      send('PUT /a length: 8\r\n\r\n')
      assert.equal(gate.skipBody(7), false)
      const other = world()
      other.send('PUT /a length: 8\r\n\r\n')
      other.requests[0]?.read()
      other.send('ab')
      assert.equal(other.gate.skipBody(bytesMax), isRead)
    }
    const { socket, gate, requests, fed, send } = world()
    send('PUT /a length: 100\r\n\r\nabc')
    assert.ok(socket.isPaused())
    assert.equal(gate.skipBody(10), false)
    assert.deepEqual([gate.waitingBytes, socket.isPaused()], [0, false])
    send('123456789')
    requests[0]?.read()
    assert.deepEqual([fed().endsWith('\r\n\r\n'), socket.destroyed, gate.receivedBytes], [true, false, 34])
    send('0')
    assert.ok(socket.destroyed)
  })

  it('skips no coded body, whose end only the parser could tell', () => {
    const { gate, send } = world()
    send('PUT /a chunked\r\n\r\n')
    assert.equal(gate.skipBody(1e9), false)
  })

  it('drops what comes once there is no parser any more, and ends the connection when that is much', () => {
    const { socket, gate, is, fed, send } = world()
    is.busy = true
    send('CONNECT')
    gate.shut()
    assert.equal(gate.waitingBytes, 0)
    send('x'.repeat(64 * 1024 - 1))
    assert.deepEqual([fed(), socket.destroyed], ['', false])
    send('x')
    assert.deepEqual([fed(), socket.destroyed], ['', true])
  })
})
