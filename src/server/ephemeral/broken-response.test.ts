import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { breakResponse, type ResponseFault } from './broken-response.ts'

/** What comes over the connection of a response that is broken so, and whether all of it came. */
async function sent(fault: ResponseFault, answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => {
    breakResponse(response, fault)
    response.sendDate = false
    answer(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    let text = ''
    socket.setEncoding('latin1').on('data', (piece: string) => (text += piece))
    socket.on('error', () => undefined)
    await once(socket, 'close')
    return text
  } finally {
    server.close()
  }
}

const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4)

describe('a response that comes wrong', () => {
  it('is cut within its body, after its head', async () => {
    for (const answer of [
      (response: ServerResponse) => void response.setHeader('content-length', 10).end('0123456789'),
      (response: ServerResponse) => {
        response.setHeader('content-length', 10).write(Buffer.from('0123456789'))
        response.end()
      },
    ]) {
      const text = await sent('CutBody', answer)
      assert.match(text, /^HTTP\/1\.1 200 OK\r\n/)
      assert.equal(bodyOf(text), '01234')
    }
    const one = await sent('CutBody', (response) => void response.setHeader('content-length', 1).end('0'))
    assert.match(one, /^HTTP\/1\.1 200 OK\r\n/)
    assert.equal(bodyOf(one), '')
  })

  it('without a body is cut before its head', async () => {
    assert.equal(await sent('CutBody', (response) => void response.end()), '')
  })

  it('has another first byte than was stored, and all others as they are', async () => {
    const bytes = Buffer.from('0123456789')
    const rows: readonly (readonly [answer: (response: ServerResponse) => void, body: string])[] = [
      [(response) => void response.end(bytes), '1123456789'],
      [(response) => void response.end('0123'), '1123'],
      [
        (response) => {
          response.setHeader('content-length', 6)
          response.write('')
          response.write('01')
          response.write('01')
          response.end('01')
        },
        '110101',
      ],
      [(response) => void response.end(), ''],
    ]
    for (const [answer, body] of rows) assert.equal(bodyOf(await sent('WrongChecksum', answer)), body)
    assert.equal(bytes.toString(), '0123456789', 'what belongs to others stays as it is')
  })
})
