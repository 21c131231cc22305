import assert from 'node:assert/strict'
import { createServer, type AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { fetchJson, type FetchedJson } from './fetch-json.ts'

/** What comes of an issuer that answers with these bytes and keeps the connection. */
async function fetched(answer: string, isPublic = false, host = '127.0.0.1'): Promise<FetchedJson> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.write(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await fetchJson(new URL(`http://${host}:${(server.address() as AddressInfo).port}/keys`), {
      isPublic,
    })
  } finally {
    server.close()
  }
}

const body = (text: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`

describe('a document of an issuer', () => {
  it('is read as JSON', async () => {
    assert.deepEqual(await fetched(body('{"keys":[]}')), { json: { keys: [] }, isPrivate: true })
  })

  it('is not asked for where its server must be on the Internet and is not, by address or by name', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '0x7f000001', '[::1]'])
      await assert.rejects(fetched(body('{}'), true, host), /has an address of a private network/)
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
