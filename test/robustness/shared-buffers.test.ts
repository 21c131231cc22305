import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Readable } from 'node:stream'
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { s3Client } from '../harness/clients.ts'
import { startServer, type RunningServer } from '../harness/server.ts'
import { SeededRandom } from '../seeded-random.ts'

const MIB = 1024 * 1024
/** What an upload sends at a time. */
const PIECE_BYTES = 50_000
const Bucket = 'shared-buffers'

let server: RunningServer
let s3: S3Client
before(async () => {
  server = await startServer()
  s3 = s3Client(server)
  await s3.send(new CreateBucketCommand({ Bucket }))
})
after(async () => {
  s3.destroy()
  await server.stop()
})

/** Bytes that tell which body they belong to and where they lie in it, so that a byte of another is seen. */
function bodyOf(number: number, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes)
  for (let at = 0; at + 8 <= sizeBytes; at += 8) {
    bytes.writeUInt32LE(number, at)
    bytes.writeUInt32LE(at, at + 4)
  }
  return bytes
}

async function putInParts(Key: string, parts: readonly Buffer[]): Promise<void> {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }))
  const Parts = []
  for (const [index, Body] of parts.entries()) {
    const PartNumber = index + 1
    const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }))
    Parts.push({ PartNumber, ETag })
  }
  await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }))
}

test('uploads and downloads side by side, some slow, some cut in the middle, never see bytes of each other', async (t) => {
  const random = new SeededRandom()
  t.diagnostic(`seed ${random.seed}`)
  const stored = new Map<string, Buffer>()
  for (let number = 0; number < 6; number++) {
    const bytes = bodyOf(number, 100_000 + random.below(3 * MIB))
    await s3.send(new PutObjectCommand({ Bucket, Key: `whole/${number}`, Body: bytes }))
    stored.set(`whole/${number}`, bytes)
  }
  const parts = [bodyOf(100, 5 * MIB), bodyOf(101, 5 * MIB + 77), bodyOf(102, 300_000)]
  await putInParts('parts', parts)
  stored.set('parts', Buffer.concat(parts))

  const download = async (Key: string): Promise<void> => {
    const bytes = stored.get(Key) ?? Buffer.alloc(0)
    const start = random.below(3) === 0 ? random.below(bytes.length) : 0
    const isSlow = random.below(3) === 0
    const cutAt = random.below(4) === 0 ? random.below(bytes.length) : Infinity
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, Range: `bytes=${start}-` }))
    assert(Body instanceof Readable)
    let at = start
    for await (const piece of Body as AsyncIterable<Buffer>) {
      assert(piece.equals(bytes.subarray(at, at + piece.length)), `${Key} differs behind byte ${at}`)
      at += piece.length
      // Stopping to read destroys the connection.
      if (at > cutAt) return
      if (isSlow) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    assert.equal(at, bytes.length, `${Key} ends early`)
  }
  const upload = async (number: number): Promise<void> => {
    const Key = `new/${number}`
    const bytes = bodyOf(1000 + number, 70_000 + random.below(3 * MIB))
    const cutAt = random.below(3) === 0 ? random.below(bytes.length) : Infinity
    const cut = new AbortController()
    const pieces = async function* () {
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        if (at > cutAt) cut.abort()
        if (cut.signal.aborted) return
        yield bytes.subarray(at, at + PIECE_BYTES)
      }
    }
    const Body = Readable.from(pieces(), { objectMode: false })
    const putting = s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength: bytes.length }), {
      abortSignal: cut.signal,
    })
    const isCut = (Math.floor(cutAt / PIECE_BYTES) + 1) * PIECE_BYTES < bytes.length
    if (isCut) await assert.rejects(putting)
    else {
      await putting
      stored.set(Key, bytes)
    }
  }

  for (let round = 0; round < 3; round++) {
    const keys = [...stored.keys()]
    await Promise.all([
      ...Array.from({ length: 24 }, () => download(random.oneOf(keys))),
      ...Array.from({ length: 8 }, (_, index) => upload(round * 8 + index)),
    ])
  }
  for (const key of stored.keys()) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: key }))
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? [])
    assert(bytes.equals(stored.get(key) ?? Buffer.alloc(0)), key)
  }
  assert.deepEqual(
    server
      .log()
      .split('\n')
      .filter((line) => line.includes('"level":"error"')),
    [],
  )
})
