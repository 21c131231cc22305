import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { ChunkSignatures } from '../../src/auth/chunk-signature.ts'
import { encodeAwsChunked } from '../harness/aws-chunked-encoder.ts'
import {
  errorCodeOf,
  exchangeBytes,
  exchangePieces,
  statusesOf,
  type Leaving,
} from '../harness/raw-connection.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { SignedClient, type S3Request } from '../harness/signed-client.ts'
import { comesTo } from '../harness/until.ts'
import { verifyDataFolder } from '../harness/verify-store.ts'
import { SeededRandom } from '../seeded-random.ts'

const BUCKET = 'robust-bucket'
const BODY = randomBytes(60_000)
const DAMAGES = 60

describe('a server that gets broken requests', () => {
  const data = mkdtempSync(join(tmpdir(), 'lugsail-robust-'))
  let server: RunningServer
  let client: SignedClient

  before(async () => {
    server = await startServer({
      dataFolder: data,
      options: { 'header-timeout-seconds': '1', 'idle-timeout-seconds': '2' },
    })
    client = new SignedClient(server, server.credentials)
    const made = await client.lightsail('CreateBucket', { bucketName: BUCKET, bundleId: 'small_1_0' })
    assert.equal(made.status, 200)
  })
  after(async () => {
    await server.stop()
    rmSync(data, { recursive: true, force: true })
  })

  const exchange = (bytes: Uint8Array | string, leaving?: Leaving) =>
    exchangeBytes(server.endpoint, bytes, leaving)
  /** A signed request with `connection: close`, and bytes behind its headers that need not be what it announces. */
  const raw = (draft: S3Request, body: Uint8Array | string, leaving?: Leaving) =>
    exchange(Buffer.concat([Buffer.from(client.headOf(closing(draft))), Buffer.from(body)]), leaving)
  const keys = async (): Promise<string[]> => {
    const { body } = await client.s3({ method: 'GET', path: `/${BUCKET}?list-type=2` })
    return [...body.toString().matchAll(/<Key>([^<]*)</g)].map((match) => match[1] ?? '')
  }

  it('takes the next request of a connection behind a form that was refused before its file came', async () => {
    const fields = ['key', 'policy', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'x-amz-signature']
    const part = (name: string, value: string) =>
      `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
    const start = fields.map((name) => part(name, 'wrong')).join('')
    const file = `${part('file', 'matter')}--B--\r\n`
    const head = [
      `POST /${BUCKET} HTTP/1.1`,
      'Host: localhost',
      'Content-Type: multipart/form-data; boundary=B',
      `Content-Length: ${start.length + file.length}`,
    ]
    const next = 'GET /-/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
    for (const cut of [0, 1, 40, file.length - 1, file.length]) {
      const before = `${head.join('\r\n')}\r\n\r\n${start}${file.slice(0, cut)}`
      const received = await exchangePieces(server.endpoint, [before, file.slice(cut) + next])
      assert.deepEqual(statusesOf(received), ['400', '200'], `${cut} bytes of the file: ${received}`)
    }
  })

  it('takes the next request of a connection behind a document that nobody read', async () => {
    const document = '<a/>'.repeat(250_000)
    const head = `POST /${BUCKET}?delete HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${document.length}\r\n\r\n`
    const next = 'GET /-/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
    for (const cut of [0, 1, 70_000, document.length]) {
      const pieces = [head + document.slice(0, cut), document.slice(cut) + next]
      assert.deepEqual(statusesOf(await exchangePieces(server.endpoint, pieces)), ['403', '200'], `${cut}`)
    }
  })

  it('refuses signed chunks that were damaged anywhere, and stores nothing of them', async (t) => {
    const random = new SeededRandom()
    t.diagnostic(`seed ${random.seed}`)
    for (let round = 0; round < DAMAGES; round++) {
      const { head, body } = await signedChunks(client, `/${BUCKET}/signed-chunks`)
      const at = random.below(body.length)
      body[at] = (body[at] ?? 0) ^ 0x80
      const received = await exchange(Buffer.concat([Buffer.from(head), body]))
      assert.match(statusesOf(received).join(), /^40[03]$/, `seed ${random.seed}, byte ${at}: ${received}`)
      assert.notEqual(errorCodeOf(received), '')
    }
    assert.deepEqual(await keys(), [])
  })

  it('refuses chunks with a checksum behind them that were damaged anywhere, and stores nothing of them', async (t) => {
    const random = new SeededRandom()
    t.diagnostic(`seed ${random.seed}`)
    for (let round = 0; round < DAMAGES; round++) {
      const { head, body } = await checkedChunks(client, `/${BUCKET}/checked-chunks`)
      const at = random.below(body.length)
      body[at] = (body[at] ?? 0) ^ 0x80
      const received = await exchange(Buffer.concat([Buffer.from(head), body]))
      assert.deepEqual(statusesOf(received), ['400'], `seed ${random.seed}, byte ${at}: ${received}`)
    }
    assert.deepEqual(await keys(), [])
  })

  it('takes the same chunks undamaged, so that the refusals mean something', async () => {
    for (const make of [signedChunks, checkedChunks]) {
      const { head, body } = await make(client, `/${BUCKET}/chunks`)
      assert.deepEqual(statusesOf(await exchange(Buffer.concat([Buffer.from(head), body]))), ['200'])
      assert.ok((await client.s3({ method: 'GET', path: `/${BUCKET}/chunks` })).body.equals(BODY))
      await client.s3({ method: 'DELETE', path: `/${BUCKET}/chunks` })
    }
  })

  it('refuses small signed chunks as S3 does, and takes small ones without signatures, which SDKs make of streams', async () => {
    const path = `/${BUCKET}/small-chunks`
    const small = await signedChunks(client, path, 1_000)
    const refused = await exchange(Buffer.concat([Buffer.from(small.head), small.body]))
    assert.deepEqual(statusesOf(refused), ['403'])
    assert.match(refused, /<Code>InvalidChunkSizeError<.*<Chunk>2<\/Chunk><BadChunkSize>1000</s)
    assert.deepEqual(await keys(), [])
    const { head, body } = await checkedChunks(client, path, 3)
    assert.deepEqual(statusesOf(await exchange(Buffer.concat([Buffer.from(head), body]))), ['200'])
    assert.ok((await client.s3({ method: 'GET', path })).body.equals(BODY))
    await client.s3({ method: 'DELETE', path })
  })

  it('stores nothing of a body that ends early, and keeps no file open for it', async (t) => {
    const random = new SeededRandom()
    t.diagnostic(`seed ${random.seed}`)
    await noFileIsOpen(server)
    for (let round = 0; round < 30; round++) {
      const sent = BODY.subarray(0, random.below(BODY.length))
      const leaving = random.oneOf(['end', 'reset'] as const)
      const framings: (() => Promise<string>)[] = [
        () => raw({ method: 'PUT', path: `/${BUCKET}/short`, body: BODY }, sent, leaving),
        async () => {
          const { head, body } = await signedChunks(client, `/${BUCKET}/short`)
          return await exchange(Buffer.concat([Buffer.from(head), body.subarray(0, sent.length)]), leaving)
        },
        async () => {
          const { body: begun } = await client.s3({ method: 'POST', path: `/${BUCKET}/short?uploads` })
          const id = /<UploadId>(\w+)</.exec(begun.toString())?.[1] ?? ''
          const path = `/${BUCKET}/short?uploadId=${id}`
          await raw({ method: 'PUT', path: `${path}&partNumber=1`, body: BODY }, sent, leaving)
          const { body: parts } = await client.s3({ method: 'GET', path })
          assert.ok(!parts.toString().includes('<Part>'))
          assert.equal((await client.s3({ method: 'DELETE', path })).status, 204)
          return ''
        },
      ]
      const received = await random.oneOf(framings)()
      assert.ok(!statusesOf(received).includes('200'), received)
    }
    assert.deepEqual(await keys(), [])
    await noFileIsOpen(server)
    const incoming = join(data, 'store/blobs/incoming')
    const leftovers = () => readdirSync(incoming).flatMap((folder) => readdirSync(join(incoming, folder)))
    // A begun file is closed first and removed right after it.
    await comesTo([], leftovers)
  })

  it('keeps no file open for downloads that their clients broke off', async () => {
    const large = Buffer.alloc(8_000_000, BODY)
    await client.s3({ method: 'PUT', path: `/${BUCKET}/large`, body: large })
    await noFileIsOpen(server)
    for (let round = 0; round < 20; round++) {
      const download = client.beginS3({ method: 'GET', path: `/${BUCKET}/large` })
      void download.end().catch(() => undefined)
      if (round % 2 === 0) await pause(round)
      download.destroy()
    }
    await noFileIsOpen(server)
    await client.s3({ method: 'DELETE', path: `/${BUCKET}/large` })
  })

  it('refuses bodies that are not what their headers say', async () => {
    const put = (headers: Record<string, string>) =>
      client.s3({ method: 'PUT', path: `/${BUCKET}/wrong`, headers, body: BODY })
    const other = createHash('md5').update('other').digest('base64')
    for (const [headers, code] of [
      [{ 'content-md5': other }, 'BadDigest'],
      [{ 'content-md5': 'not base64' }, 'InvalidDigest'],
      [
        { 'x-amz-content-sha256': createHash('sha256').update('other').digest('hex') },
        'XAmzContentSHA256Mismatch',
      ],
      [{ 'x-amz-checksum-crc32': 'AAAAAA==' }, 'BadDigest'],
      [{ 'x-amz-checksum-sha256': 'AAAA' }, 'InvalidRequest'],
    ] as const) {
      const response = await put(headers)
      assert.equal(`${response.status} ${errorCodeOf(response.body.toString())}`, `400 ${code}`)
    }
    assert.deepEqual(await keys(), [])
  })

  it('refuses lengths that cannot be, and two ways to tell a length', async () => {
    const head = (lines: string) => `PUT /${BUCKET}/length HTTP/1.1\r\nhost: localhost\r\n${lines}\r\n\r\n`
    for (const lines of [
      'content-length: -1',
      'content-length: 12a',
      'content-length: 99999999999999999999999',
      'content-length: 5\r\ncontent-length: 6',
      'content-length: 5\r\ntransfer-encoding: chunked',
      'transfer-encoding: gzip, chunked, identity',
    ]) {
      const received = await exchange(`${head(lines)}12345`)
      assert.match(statusesOf(received).join(), /^(400|403|411|501)$/, `${lines}: ${received}`)
    }
    assert.deepEqual(await keys(), [])
  })

  it('refuses names and headers beyond all bounds', async () => {
    const statusOf = async (draft: S3Request) => {
      const response = await client.s3(draft)
      return `${response.status} ${errorCodeOf(response.body.toString())}`
    }
    const long = 'k'.repeat(1_025)
    assert.equal(await statusOf({ method: 'PUT', path: `/${BUCKET}/${long}` }), '400 KeyTooLongError')
    const tooMuch = { 'x-amz-meta-note': 'v'.repeat(3_000) }
    assert.equal(
      await statusOf({ method: 'PUT', path: `/${BUCKET}/meta`, headers: tooMuch }),
      '400 MetadataTooLarge',
    )
    const headers = `GET /${BUCKET} HTTP/1.1\r\nhost: localhost\r\nx-fill: ${'f'.repeat(70_000)}\r\n\r\n`
    assert.match(statusesOf(await exchange(headers)).join(), /^4(00|31)$/)
    assert.match(
      statusesOf(await exchange(`GET /${'p'.repeat(70_000)} HTTP/1.1\r\nhost: a\r\n\r\n`)).join(),
      /^4/,
    )
    assert.deepEqual(await keys(), [])
  })

  it('refuses paths that are not UTF-8', async () => {
    for (const path of [`/${BUCKET}/%FF%FE`, `/${BUCKET}/%`, `/${BUCKET}/%C0%80`]) {
      // What cannot be read cannot be signed either.
      const head = client.headOf(closing({ method: 'PUT', path: `/${BUCKET}/k`, body: BODY }))
      const received = await exchange(Buffer.concat([Buffer.from(head.replace(`/${BUCKET}/k`, path)), BODY]))
      assert.match(statusesOf(received).join(), /^400$/, `${path}: ${received}`)
    }
    assert.deepEqual(await keys(), [])
  })

  it('refuses documents that are damaged, hostile or endless', async () => {
    const post = async (document: string | Buffer) => {
      const response = await client.s3({
        method: 'POST',
        path: `/${BUCKET}?delete`,
        headers: { 'content-md5': createHash('md5').update(document).digest('base64') },
        body: Buffer.from(document),
      })
      return `${response.status} ${errorCodeOf(response.body.toString())}`
    }
    for (const document of [
      '',
      '<Delete>',
      '<Delete><Object><Key>a</Key></Object></Wrong>',
      '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Delete><Object><Key>&b;</Key></Object></Delete>',
      '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><Delete><Object><Key>&a;</Key></Object></Delete>',
      '<a>'.repeat(50_000),
      Buffer.from([0x3c, 0x44, 0xff, 0xfe, 0x00]),
      `<Delete>${'<Object><Key>k</Key></Object>'.repeat(1_001)}</Delete>`,
    ]) {
      assert.equal(await post(document), '400 MalformedXML', String(document).slice(0, 80))
    }
    assert.match(await post(Buffer.alloc(8_000_000, '<Delete>')), /^4\d\d \w+$/)
  })

  it('answers a request before garbage on the same connection, and nothing behind it', async () => {
    const good = client.headOf({ method: 'GET', path: `/${BUCKET}?list-type=2` })
    const received = await exchange(`${good}\0\x01 GARBAGE\r\n\r\n${good}`)
    assert.deepEqual(statusesOf(received), ['200', '400'])
    assert.deepEqual(statusesOf(await exchange('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03')), ['400'])
  })

  it('closes connections whose headers or bodies do not come', async () => {
    const loris = exchange(`GET /${BUCKET} HTTP/1.1\r\nhost: localhost\r\nx-slow:`)
    const stalled = raw({ method: 'PUT', path: `/${BUCKET}/stalled`, body: BODY }, BODY.subarray(0, 40_000))
    // Whichever of the two timeouts comes first: the one for headers answers, the one for idle connections does not.
    assert.match(statusesOf(await loris).join(), /^(4\d\d)?$/)
    assert.equal(errorCodeOf(await stalled), 'RequestTimeout')
    assert.deepEqual(await keys(), [])
  })

  it('lives through all of it without a fault in its log, and has nothing in its store', async () => {
    assert.equal((await client.s3({ method: 'PUT', path: `/${BUCKET}/alive`, body: BODY })).status, 200)
    assert.deepEqual(await keys(), ['alive'])
    assert.equal(await server.stop(), 0)
    const faults = server
      .log()
      .split('\n')
      .filter((line) => line.includes('"level":"error"'))
    assert.deepEqual(faults, [])
    assert.deepEqual(await verifyDataFolder(data, { sweeps: false }), [])
  })
})

const closing = (draft: S3Request): S3Request => ({
  ...draft,
  headers: { ...draft.headers, connection: 'close' },
})

const CHUNK_BYTES = 16_384

async function* piecesOf(bytes: Buffer, pieceBytes: number): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

async function framed(encoded: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of encoded) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** A put in chunks that are signed one by one. */
async function signedChunks(
  client: SignedClient,
  path: string,
  chunkBytes = CHUNK_BYTES,
): Promise<{ head: string; body: Buffer }> {
  const zeros = { signChunk: () => '0'.repeat(64), signTrailer: () => '0'.repeat(64) }
  const sizeBytes = (await framed(encodeAwsChunked(piecesOf(BODY, chunkBytes), { signer: zeros }))).length
  const draft = closing({
    method: 'PUT',
    path,
    headers: {
      'content-encoding': 'aws-chunked',
      'content-length': String(sizeBytes),
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'x-amz-decoded-content-length': String(BODY.length),
    },
  })
  const signed = client.signS3(draft)
  const lines = Object.entries(signed.headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const signer = new ChunkSignatures(signed)
  return {
    head: `PUT ${path} HTTP/1.1\r\n${lines.join('')}\r\n`,
    body: await framed(encodeAwsChunked(piecesOf(BODY, chunkBytes), { signer })),
  }
}

/** A put in unsigned chunks, with the SHA-256 of the whole in the trailer. */
async function checkedChunks(
  client: SignedClient,
  path: string,
  chunkBytes = CHUNK_BYTES,
): Promise<{ head: string; body: Buffer }> {
  const sha256 = createHash('sha256').update(BODY).digest('base64')
  const trailers = () => [['x-amz-checksum-sha256', sha256] as const]
  const body = await framed(encodeAwsChunked(piecesOf(BODY, chunkBytes), { signer: null, trailers }))
  const draft = closing({
    method: 'PUT',
    path,
    headers: {
      'content-encoding': 'aws-chunked',
      'content-length': String(body.length),
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': String(BODY.length),
      'x-amz-trailer': 'x-amz-checksum-sha256',
    },
  })
  return { head: client.headOf(draft), body }
}

/** The server learns of broken connections a moment later. */
const noFileIsOpen = ({ pid }: RunningServer): Promise<void> => comesTo([], () => openBlobFiles(pid))

/** The files that the server has open in its store, by name. */
function openBlobFiles(pid: number): string[] {
  const folder = `/proc/${pid}/fd`
  const targets = readdirSync(folder).map((fd) => {
    try {
      return readlinkSync(join(folder, fd))
    } catch {
      // Closed since the folder was read.
      return ''
    }
  })
  return targets.filter((target) => target.includes('/store/blobs/')).sort()
}
