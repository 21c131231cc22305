import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from './client-package.ts'
import { forEachAtOnce } from '../../base/at-once.ts'
import { bodyBuffers } from '../../base/buffer-pool.ts'

/** Bodies up to this size are held, so that a failed request can be sent again. */
export const HELD_BYTES_MAX = 1024 * 1024
/** Bodies whose size is known are sent as they come in one request up to this size. */
export const SINGLE_BYTES_MAX = 64 * 1024 * 1024
/** Longer ones go in parts of this size, each held while it is sent: two parts a put. 10 000 of them hold 80 GB. */
const PART_BYTES = 8 * 1024 * 1024
const PARTS_AT_ONCE = 2

/** Where a put goes. */
interface PutTarget {
  readonly client: S3Client
  readonly bucket: string
  readonly key: string
  readonly signal: AbortSignal
}

/** One request that can be repeated. */
export async function putHeld(target: PutTarget, bytes: Buffer): Promise<void> {
  const { client, bucket, key, signal } = target
  await client.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentLength: bytes.length }),
    { abortSignal: signal },
  )
}

/** One request that carries the body as it comes; it cannot be repeated. The cluster keeps nothing of a body that ends early. */
export async function putStreamed(
  target: PutTarget,
  body: AsyncIterable<Buffer>,
  sizeBytes: number,
): Promise<void> {
  const { client, bucket, key, signal } = target
  const stream = Readable.from(copiesOf(body), { objectMode: false, highWaterMark: 256 * 1024 })
  // Its failure is the body's, which the caller knows; the request fails with it.
  stream.on('error', () => undefined)
  try {
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: stream, ContentLength: sizeBytes }),
      { abortSignal: signal },
    )
  } finally {
    stream.destroy()
  }
}

/** The body's pieces in memory of their own: when the client is done with one, nobody can tell. */
async function* copiesOf(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    const copy = Buffer.from(chunk)
    bodyBuffers.giveBack(chunk)
    yield copy
  }
}

/** Parts that can each be repeated, made visible together at the end; on failure none stays. */
export async function putParts(target: PutTarget, body: AsyncIterable<Buffer>): Promise<void> {
  const { client, bucket, key, signal } = target
  const place = { Bucket: bucket, Key: key }
  const { UploadId: uploadId } = await client.send(new CreateMultipartUploadCommand(place), {
    abortSignal: signal,
  })
  const upload = { ...place, UploadId: uploadId }
  const failed = new AbortController()
  const parts: CompletedPart[] = []
  const partSignal = AbortSignal.any([signal, failed.signal])
  const send = async ({ partNumber, bytes }: { partNumber: number; bytes: Buffer }) => {
    const part = { ...upload, PartNumber: partNumber, Body: bytes, ContentLength: bytes.length }
    try {
      const sent = await client.send(new UploadPartCommand(part), { abortSignal: partSignal })
      parts[partNumber - 1] = { PartNumber: partNumber, ETag: sent.ETag }
    } catch (error) {
      failed.abort(error)
      throw error
    }
  }
  try {
    await forEachAtOnce(numbered(piecesOf(body, PART_BYTES), failed), PARTS_AT_ONCE, send)
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } }), {
      abortSignal: signal,
    })
  } catch (error) {
    // What cannot be aborted now is found by `abortAbandonedUploads` later; the first failure is the one that matters.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined)
    throw error
  }
}

/** `failed` is aborted when a piece does not come: parts that are being sent need not be sent any more. */
async function* numbered(pieces: AsyncIterable<Buffer>, failed: AbortController) {
  let partNumber = 0
  try {
    for await (const bytes of pieces) yield { partNumber: ++partNumber, bytes }
  } catch (error) {
    failed.abort(error)
    throw error
  }
}

/** The body in pieces of `pieceBytes`, the last one shorter; at least one, which may be empty. Each is a buffer of its own. */
export async function* piecesOf(body: AsyncIterable<Buffer>, pieceBytes: number): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = []
  let heldBytes = 0
  let isFirst = true
  for await (let chunk of body) {
    while (heldBytes + chunk.length >= pieceBytes) {
      const rest = pieceBytes - heldBytes
      yield Buffer.concat([...chunks, chunk.subarray(0, rest)])
      isFirst = false
      chunk = chunk.subarray(rest)
      chunks = []
      heldBytes = 0
    }
    if (chunk.length > 0) chunks.push(Buffer.from(chunk))
    heldBytes += chunk.length
    bodyBuffers.giveBack(chunk)
  }
  if (heldBytes > 0 || isFirst) yield Buffer.concat(chunks)
}
