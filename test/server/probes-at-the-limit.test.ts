import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import { exchangeBytes } from '../harness/raw-connection.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { until } from '../harness/until.ts'

const CONNECTIONS = 4
const PROBES = 40
const BUCKET = 'at-the-limit'
const BEGINNING = 'the beginning'

const ask = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n`

/** A connection at work: it has begun an upload, and the server waits for the rest of its body. Rejects when there is no room for it. */
function hold(server: RunningServer, at: number): Promise<Socket> {
  const { hostname, port } = new URL(server.endpoint)
  const head = new SignedClient(server, server.credentials).headOf({
    method: 'PUT',
    path: `/${BUCKET}/held-${at}`,
    headers: { 'content-length': '1000', expect: '100-continue' },
  })
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(head))
    socket.on('error', () => undefined)
    socket.once('close', () => reject(new Error('it was closed')))
    // The server has read the head, and wants the body.
    socket.once('data', (bytes: Buffer) => {
      if (!/^HTTP\/1\.1 100 /.test(bytes.toString())) reject(new Error(bytes.toString()))
      socket.write(BEGINNING)
      resolve(socket)
    })
  })
}

describe('a server whose connections are all taken', () => {
  for (const workers of [1, 2])
    it(`tells probes that it is healthy and ready, as often as they ask, and the others go on (${workers} workers)`, async () => {
      const server = await startServer({ workers, options: { 'connections-max': String(CONNECTIONS) } })
      const client = new SignedClient(server, server.credentials)
      await client.lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })
      client.close()
      const held: Socket[] = []
      try {
        // Each worker has the limit for itself, and connections come to whichever: beyond these there is room nowhere.
        await until(async () => {
          const socket = await hold(server, held.length).catch(() => null)
          if (socket) held.push(socket)
          return held.length === workers * CONNECTIONS
        })
        assert.doesNotMatch(await exchangeBytes(server.endpoint, ask('/')), /^HTTP/)
        for (let probe = 0; probe < PROBES; probe++)
          for (const path of ['/-/ready', '/-/health'])
            assert.match(await exchangeBytes(server.endpoint, ask(path)), /^HTTP\/1\.1 200 (?:.|\r\n)*ok\n$/)
        const probes = Array.from({ length: PROBES }, () => exchangeBytes(server.endpoint, ask('/-/ready')))
        for (const answer of await Promise.all(probes)) assert.match(answer, /^HTTP\/1\.1 200 /)
        // Those that were at work are still.
        const ends = held.map(
          (socket) =>
            new Promise<string>((resolve) => {
              socket.once('data', (bytes: Buffer) => resolve(bytes.toString().slice(0, 12)))
              socket.write('x'.repeat(1000 - BEGINNING.length))
            }),
        )
        assert.deepEqual(
          await Promise.all(ends),
          held.map(() => 'HTTP/1.1 200'),
        )
      } finally {
        for (const socket of held) socket.destroy()
        await server.stop()
      }
    })
})
