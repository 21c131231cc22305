import assert from 'node:assert/strict'
import { createServer, type AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { fetchJson } from './fetch-json.ts'

/** What comes of an issuer that answers with these bytes and keeps the connection. */
async function fetched(answer: string): Promise<unknown> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.write(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await fetchJson(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`))
  } finally {
    server.close()
  }
}

const body = (text: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`

describe('a document of an issuer', () => {
  it('is read as JSON', async () => {
    assert.deepEqual(await fetched(body('{"keys":[]}')), { keys: [] })
  })

  it('is refused at once when the answer is another one than a document', async () => {
    const elsewhere = 'HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n'
    await assert.rejects(fetched(elsewhere), /status 302/)
    await assert.rejects(fetched('HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\n'), /status 500/)
    const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'
    await assert.rejects(fetched(upgrade), /another protocol/)
    await assert.rejects(fetched('none\r\n\r\n'), /Parse Error/)
    await assert.rejects(fetched(body('['.repeat(300_000))), /more than 262144 bytes/)
    await assert.rejects(fetched(body('[')), SyntaxError)
  })
})
