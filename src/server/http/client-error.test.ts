import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { answerTransportError, transportErrorCode, type TransportErrorCode } from './client-error.ts'

/** What is sent, until the connection is closed. */
async function answered(code: TransportErrorCode): Promise<{ lines: string[]; body: string }> {
  const socket = new PassThrough()
  const received = text(socket)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  answerTransportError(socket, code)
  const [head = '', body = ''] = (await received).split('\r\n\r\n')
  await closed
  return { lines: head.split('\r\n'), body }
}

describe('a request that cannot be read as HTTP', () => {
  it('is answered in S3’s form, by its own id, on a connection that is closed then', async () => {
    for (const [code, status] of [
      ['RequestHeaderSectionTooLarge', '400 Bad Request'],
      ['RequestTimeout', '400 Bad Request'],
      ['InvalidRequest', '400 Bad Request'],
      ['MethodNotAllowed', '405 Method Not Allowed'],
      ['NotImplemented', '501 Not Implemented'],
      ['SlowDown', '503 Service Unavailable'],
    ] as const) {
      const { lines, body } = await answered(code)
      assert.equal(lines[0], `HTTP/1.1 ${status}`)
      assert.ok(lines.includes('connection: close') && lines.includes('content-type: application/xml'))
      assert.ok(lines.includes(`content-length: ${Buffer.byteLength(body)}`))
      assert.ok(body.includes(`<Code>${code}</Code><Message>`), body)
      const id = /<RequestId>(.+)<\/RequestId>/.exec(body)?.[1]
      assert.ok(id !== undefined && lines.includes(`x-amz-request-id: ${id}`))
      assert.equal(lines.includes('retry-after: 1'), code === 'SlowDown', code)
    }
  })

  it('is not answered where nobody can be told any more', () => {
    const socket = new PassThrough()
    socket.end()
    answerTransportError(socket, 'InvalidRequest')
    assert.ok(socket.destroyed)
  })

  it('is told by what Node’s parser says of it', () => {
    assert.equal(transportErrorCode('HPE_HEADER_OVERFLOW'), 'RequestHeaderSectionTooLarge')
    assert.equal(transportErrorCode('ERR_HTTP_REQUEST_TIMEOUT'), 'RequestTimeout')
    for (const other of ['HPE_INVALID_METHOD', undefined])
      assert.equal(transportErrorCode(other), 'InvalidRequest')
  })
})
