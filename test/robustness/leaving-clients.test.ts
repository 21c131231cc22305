import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { connect as connectPlain, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { after, before, describe, it } from 'node:test'
import { errorCodeOf, exchangeBytes, statusesOf } from '../harness/raw-connection.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { SignedClient } from '../harness/signed-client.ts'
import { until } from '../harness/until.ts'

const BUCKET = 'left-bucket'
const LARGE_BYTES = 8 * 1024 * 1024
const folder = mkdtempSync(join(tmpdir(), 'lugsail-leaving-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const get = (key: string) => `GET /${BUCKET}/${key} HTTP/1.1\r\nHost: x\r\n\r\n`
const post = (headers: string, body: string) => `POST / HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n${body}`
const TARGET = 'X-Amz-Target: Lightsail_20161128.GetBuckets\r\nContent-Type: application/x-amz-json-1.1'
const CREDENTIAL =
  'Authorization: AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20200101/us-east-1/lightsail/aws4_request, SignedHeaders=host;x-amz-target, Signature=00'

/** What a client has sent when it leaves; the responses to most are larger than what the system takes at once. */
const SENT: Readonly<Record<string, string>> = {
  nothing: '',
  'half a head': 'GET / HTTP/1.1\r\nHo',
  'a request whose answer it does not read': get('large'),
  'many requests at once': get('large').repeat(200),
  'a small request behind a large one': get('large') + get('small').repeat(20),
  'the head of an upload': `PUT /${BUCKET}/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n`,
  'half of an upload': `PUT /${BUCKET}/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(500_000)}`,
  'the head of an upload that waits to be asked for its body': `PUT /${BUCKET}/x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n`,
  'an upload whose trailers do not end': `PUT /${BUCKET}/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nx-a: b\r\n`,
  'a request for another protocol': `GET /${BUCKET}/large HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  'a request of HTTP/1.0': `GET /${BUCKET}/large HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n`,
  'a request for a tunnel': 'CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n',
  'two heads, the second one of them half': get('small') + 'GET / HTTP/1.1\r\nHo',
  'half of an upload in chunks': `PUT /${BUCKET}/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n`,
  'the head of a call to the control plane': post(`${TARGET}\r\nContent-Length: 1000`, ''),
  'half of a call to the control plane': post(`${TARGET}\r\n${CREDENTIAL}\r\nContent-Length: 1000`, '{'),
  'a call behind a large answer':
    get('large') + post(`${TARGET}\r\n${CREDENTIAL}\r\nContent-Length: 2`, '{}'),
}

const WAYS: Readonly<Record<string, (socket: Socket, raw: Socket) => void>> = {
  'closes the connection': (socket) => socket.destroy(),
  'ends its half and reads on': (socket) => socket.end().resume(),
  'ends its half and then goes': (socket) => socket.end(() => socket.destroy()),
  'resets the connection': (_socket, raw) => void raw.resetAndDestroy(),
  'falls silent': () => undefined,
}

function describeLeaving(title: string, options: Readonly<Record<string, string>>, skip: string | false) {
  describe(`a client ${title} that leaves`, { skip }, () => {
    let server: RunningServer
    let port: number
    const open = async (): Promise<{ socket: Socket; raw: Socket }> => {
      const raw = connectPlain({ host: '127.0.0.1', port })
      raw.on('error', () => undefined)
      const isSecure = 'tls-cert' in options
      const socket = isSecure ? connectTls({ socket: raw, rejectUnauthorized: false }) : raw
      socket.on('error', () => undefined)
      await new Promise((resolve) => socket.once(isSecure ? 'secureConnect' : 'connect', resolve))
      return { socket, raw }
    }
    // But for the file in which the process says that it writes: it stays open from the first commit on.
    const descriptors = (): string[] =>
      readdirSync(`/proc/${server.pid}/fd`).filter((fd) => !placeOf(server.pid, fd).includes('/writing-'))
    const settled = async (before: number): Promise<void> => {
      await until(() => descriptors().length <= before, `it has not come back to ${before} descriptors`)
    }

    before(async () => {
      const dataFolder = mkdtempSync(join(folder, 'data-'))
      await makeBucket(dataFolder)
      server = await startServer({
        dataFolder,
        options: { 'idle-timeout-seconds': '2', 'header-timeout-seconds': '2', ...options },
      })
      port = Number(new URL(server.endpoint).port)
    })
    after(() => server.stop())

    for (const [way, leave] of Object.entries(WAYS))
      it(`and ${way} takes all that was open with it, whatever it had sent`, async () => {
        const before = descriptors().length
        const left = []
        for (const sent of Object.values(SENT))
          for (let count = 0; count < 3; count++) {
            const connection = await open()
            connection.socket.pause()
            if (sent !== '') connection.socket.write(sent)
            left.push(connection)
          }
        await until(() => descriptors().length >= before)
        for (const { socket, raw } of left) leave(socket, raw)
        await settled(before)
        for (const { socket } of left) socket.destroy()
      })

    it('holds one body open at most, however many it asked for', async () => {
      const before = descriptors().length
      const { socket } = await open()
      socket.pause()
      socket.write(get('large').repeat(300))
      for (let look = 0; look < 20; look++) {
        // The connection and one body; and what the server writes besides, for a moment.
        const held = descriptors()
        assert.ok(
          held.length <= before + 8,
          `${before} before, now: ${held.map((fd) => placeOf(server.pid, fd)).join(', ')}`,
        )
        await new Promise((done) => setTimeout(done, 10))
      }
      socket.destroy()
      await settled(before)
    })

    it('does not keep the server from stopping', async () => {
      for (let count = 0; count < 3; count++) {
        const { socket } = await open()
        socket.pause()
        socket.write(get('large').repeat(20))
        await new Promise((done) => setTimeout(done, 50))
        socket.destroy()
      }
      const startedAt = Date.now()
      assert.equal(await server.stop(), 0)
      assert.ok(Date.now() - startedAt < 20_000)
    })
  })
}

/** Leaves a public bucket with a large and a small object in the store. */
async function makeBucket(dataFolder: string): Promise<void> {
  const server = await startServer({ dataFolder })
  const client = new SignedClient(server, server.credentials)
  const made = [
    await client.lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' }),
    await client.lightsail('UpdateBucket', { bucketName: BUCKET, accessRules: { getObject: 'public' } }),
    await client.s3({ method: 'PUT', path: `/${BUCKET}/large`, body: Buffer.alloc(LARGE_BYTES, 'x') }),
    await client.s3({ method: 'PUT', path: `/${BUCKET}/small`, body: Buffer.from('small') }),
  ]
  assert.deepEqual(
    made.map(({ status }) => status),
    [200, 200, 200, 200],
  )
  client.close()
  await server.stop()
}

function placeOf(pid: number, descriptor: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${descriptor}`)
  } catch {
    // Closed meanwhile.
    return ''
  }
}

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const files = { 'tls-cert': join(folder, 'cert.pem'), 'tls-key': join(folder, 'key.pem') }
if (hasOpenssl)
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ].concat(
      ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'],
      ['-keyout', files['tls-key'], '-out', files['tls-cert']],
    ),
    { stdio: 'ignore' },
  )

describeLeaving('over TCP', {}, false)

describe('requests that are sent ahead of responses', () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ engines: 'memory' })
  })
  after(() => server.stop())

  it('are answered in their order, bodies in any coding between them', async () => {
    const upload = (headers: string, body: string) =>
      `PUT /none/x HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n${body}`
    const health = 'GET /-/health HTTP/1.1\r\nHost: x\r\n\r\n'
    const requests = [
      health,
      upload('Content-Length: 8', 'a\r\n\r\nb\r\n'),
      health,
      upload('Transfer-Encoding: chunked', '4\r\n\r\n\r\n\r\n0\r\n\r\n'),
      health,
      'GET /-/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    ].join('')
    const expected = ['200', '404', '200', '404', '200', '200']
    assert.deepEqual(statusesOf(await exchangeBytes(server.endpoint, requests)), expected)
  })

  it('may be uploads in chunks of any size, which come whole', async () => {
    const client = new SignedClient(server, server.credentials)
    assert.equal((await client.s3({ method: 'PUT', path: '/chunked-bucket' })).status, 200)
    for (const sizeBytes of [1, 700, 20_000, 300_000]) {
      const body = Buffer.alloc(sizeBytes === 1 ? 5_000 : 1_000_000, 'a\r\n\r\nb')
      const headers = { 'transfer-encoding': 'chunked', 'content-length': '' }
      const pieces: Buffer[] = []
      for (let at = 0; at < body.length; at += sizeBytes) {
        const piece = body.subarray(at, at + sizeBytes)
        pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'))
      }
      const head = client
        .headOf({ method: 'PUT', path: '/chunked-bucket/key', headers })
        .replace(/content-length:.*\r\n/i, '')
      const closing = head.replace(/\r\n\r\n$/, '\r\nConnection: close\r\n\r\n')
      const received = await exchangeBytes(
        server.endpoint,
        Buffer.concat([Buffer.from(closing), ...pieces, Buffer.from('0\r\n\r\n')]),
      )
      assert.deepEqual(statusesOf(received), ['200'], received)
      assert.ok((await client.s3({ method: 'GET', path: '/chunked-bucket/key' })).body.equals(body))
    }
    client.close()
  })

  it('are understood however they are cut', async () => {
    const requests = 'GET /-/health HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3)
    for (let cut = 1; cut < requests.length; cut++) {
      const responses = await new Promise<string>((resolve) => {
        let received = ''
        const socket = connectPlain({
          host: '127.0.0.1',
          port: Number(new URL(server.endpoint).port),
          noDelay: true,
        })
        socket.on('data', (piece: Buffer) => {
          received += piece.toString('latin1')
          if (received.split('ok\n').length > 3) socket.destroy()
        })
        socket.once('close', () => resolve(received))
        socket.write(requests.slice(0, cut), () => setImmediate(() => socket.write(requests.slice(cut))))
      })
      assert.deepEqual(statusesOf(responses), ['200', '200', '200'])
    }
  })

  it('are refused where they cannot be read, behind the responses to those before', async () => {
    const received = await exchangeBytes(
      server.endpoint,
      'GET /-/health HTTP/1.1\r\nHost: x\r\n\r\nNONSENSE\r\n\r\n',
    )
    assert.deepEqual(statusesOf(received), ['200', '400'])
    assert.equal(errorCodeOf(received), 'InvalidRequest')
  })

  it('must name their host', async () => {
    const received = await exchangeBytes(server.endpoint, 'GET / HTTP/1.1\r\n\r\n'.repeat(100))
    assert.deepEqual(statusesOf(received), ['400'])
  })
})

describeLeaving('over TLS', files, hasOpenssl ? false : 'the command openssl is not there')
