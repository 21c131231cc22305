import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readlinkSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { startServer, type RunningServer } from '../harness/server.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { until } from '../harness/until.ts'

/** More than the system takes for a client that reads nothing: its buffers at both ends. */
const BODY_BYTES = 48 * 1024 * 1024
const CONNECTIONS = 6

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

describe('downloads by clients without a key that read nothing at first', () => {
  let server: RunningServer
  const bodies = { stored: randomBytes(BODY_BYTES), sealed: randomBytes(BODY_BYTES) }

  before(async () => {
    server = await startServer()
    const client = new SignedClient(server, server.credentials)
    const statuses = []
    for (const [key, body] of Object.entries(bodies)) {
      const bucketName = `unread-${key}`
      const headers = key === 'sealed' ? { 'x-amz-server-side-encryption': 'AES256' } : {}
      for (const { status } of [
        await client.lightsail('CreateBucket', { bucketName, bundleId: 'small_1_0' }),
        await client.lightsail('UpdateBucket', { bucketName, accessRules: { getObject: 'public' } }),
        await client.s3({ method: 'PUT', path: `/${bucketName}/large`, body, headers }),
      ])
        statuses.push(status)
    }
    assert.ok(
      statuses.every((status) => status === 200),
      statuses.join(' '),
    )
    client.close()
  })
  after(() => server.stop())

  const openFiles = (): number =>
    readdirSync(`/proc/${server.pid}/fd`).filter((descriptor) => {
      try {
        return readlinkSync(`/proc/${server.pid}/fd/${descriptor}`).includes('/blobs/')
      } catch {
        return false
      }
    }).length

  for (const [key, body] of Object.entries(bodies)) {
    it(`hold no file of an object that is ${key} while they do not, and get all of it once they read`, async () => {
      const sockets = Array.from({ length: CONNECTIONS }, () => ask(server, `/unread-${key}/large`))
      await new Promise((done) => setTimeout(done, 300))
      let looks = 0
      await until(() => (looks = openFiles() === 0 ? looks + 1 : 0) === 25, 'files stay open')
      const received = await Promise.all(sockets.map(readResponse))
      for (const bytes of received) assert.equal(sha256(bytes), sha256(body))
    })
  }
})

function ask(server: RunningServer, path: string): Socket {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(server.endpoint).port) })
  socket.pause()
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
  return socket
}

/** The body of the response, once all of it came. */
async function readResponse(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of socket) pieces.push(piece as Buffer)
  const bytes = Buffer.concat(pieces)
  return bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)
}
