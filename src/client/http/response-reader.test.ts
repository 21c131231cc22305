import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ResponseFormatError, ResponseReader } from './response-reader.ts'

/** The response that comes of these bytes in pieces of so many, or undefined when they are not all of one. */
function read(text: string, pieceBytes = text.length, options = {}) {
  const reader = new ResponseReader(options)
  const bytes = Buffer.from(text, 'latin1')
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const response = reader.push(bytes.subarray(at, at + pieceBytes))
    if (response !== undefined) return { response, reader }
  }
  return { response: undefined, reader }
}

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

describe('ResponseReader', () => {
  for (const [name, text, body] of [
    ['of a known size', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'hello'],
    ['without bytes', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', ''],
    ['in chunks', `${CHUNKED}3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\n\r\n`, 'hello'],
    [
      'in chunks that hold line ends, with trailers',
      `${CHUNKED}4\r\n\r\n\r\n\r\n0\r\nA: b\r\n\r\n`,
      '\r\n\r\n',
    ],
    [
      'behind an interim response',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      'ok',
    ],
    ['that its status does not have', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
  ] as const) {
    test(`reads a body ${name}, in pieces of any size`, () => {
      for (let pieceBytes = 1; pieceBytes <= text.length; pieceBytes++) {
        const { response } = read(text, pieceBytes)
        assert.equal(response?.body.toString('latin1'), body, `pieces of ${pieceBytes}`)
        assert.equal(read(text.slice(0, -1), pieceBytes).response, undefined)
      }
    })
  }

  test('reads a body that ends with the connection, and refuses others that do', () => {
    assert.equal(read('HTTP/1.1 200 OK\r\n\r\nhello', 3).reader.finish().body.toString(), 'hello')
    for (const text of [
      '',
      'HTTP/1.1 200',
      `${CHUNKED}3\r\nhel`,
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello',
    ])
      assert.throws(() => read(text, 3).reader.finish(), ResponseFormatError)
  })

  test('refuses what is no HTTP, and lines, heads and bodies without end', () => {
    const endless = 'x'.repeat(70_000)
    for (const text of [
      'SSH-2.0\r\n\r\n',
      `HTTP/1.1 200 OK\r\nA: ${endless}`,
      'HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n',
      `${CHUNKED}xyz\r\n`,
      `${CHUNKED}3;${endless}`,
    ])
      assert.throws(() => read(text, 1_000), ResponseFormatError)
    const trailers = read(`${CHUNKED}0\r\n`).reader
    const more = Buffer.from('A: b\r\n'.repeat(100_000))
    assert.throws(() => {
      for (;;) trailers.push(more)
    }, ResponseFormatError)
  })
})
