import type { BlobId } from '../../storage/blob-store.ts'
import { StoreFull } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import { encryptStream, encryptWhole, storedSizeBytes } from '../encryption/segments.ts'
import { checkBodySize } from './body-size.ts'
import type { BodyDigests, ObjectBody, StreamedBody } from './object-body.ts'

/** A body whose bytes are kept: in memory, to go into the record (`inline`), or in a blob; an empty body has neither. */
export interface StoredBody {
  readonly sizeBytes: number
  readonly digests: BodyDigests
  /** As they are to be stored: encrypted, if they are to be. */
  readonly inline?: Uint8Array
  readonly blobId?: BlobId
}

interface StoreBodyOptions {
  /** Up to this many bytes stay in memory and come back as `inline`. */
  readonly inlineBytesMax: number
  /** Encrypts the bytes under this key. */
  readonly key: Uint8Array | null
}

/**
 * Takes a body in, and makes it durable when it is too large to go into the record. When that or the body's `finish` fails, nothing is kept.
 * Afterwards the blob is the caller's to claim in a commit or to release.
 */
export async function storeBody(
  context: ServiceContext,
  body: ObjectBody,
  { inlineBytesMax, key }: StoreBodyOptions,
): Promise<StoredBody> {
  if (body.stream && body.sizeBytes !== undefined) checkBodySize(body.sizeBytes)
  const refusal = context.metadata.refusal?.() ?? context.blobs.refusal?.()
  if (refusal) throw hurried(context, refusal)
  const start = body.stream
    ? await collectStart(body, inlineBytesMax)
    : { whole: body.bytes, sizeBytes: body.bytes.length }
  if (start.whole && start.sizeBytes <= inlineBytesMax) {
    const digests = await body.finish()
    const inline = key ? encryptWhole(key, start.whole) : start.whole
    return { sizeBytes: start.sizeBytes, digests, inline }
  }
  const counted = countBytes(start.whole ? wholeAsStream(start.whole) : start.rest)
  const expectedBytes = start.whole ? start.sizeBytes : body.stream ? body.sizeBytes : undefined
  const ledger = await context.blobLedger.open()
  const blobId = ledger.newBlobId()
  try {
    await context.blobs.put(
      blobId,
      key ? encryptStream(key, counted.stream) : counted.stream,
      expectedBytes === undefined ? {} : { sizeBytes: key ? storedSizeBytes(expectedBytes) : expectedBytes },
    )
    return { sizeBytes: counted.sizeBytes(), digests: await body.finish(), blobId }
  } catch (error) {
    ledger.release([blobId])
    throw hurried(context, error)
  }
}

/** Where a disk is full, what was deleted is to make room at once. */
function hurried(context: ServiceContext, error: unknown): unknown {
  if (error instanceof StoreFull) context.blobLedger.hurry()
  return error
}

type Start =
  | { readonly whole: Uint8Array; readonly sizeBytes: number }
  | { readonly whole?: never; readonly sizeBytes?: never; readonly rest: AsyncIterable<Uint8Array> }

/** Takes a stream's bytes until they are all there, or more than may stay in memory. */
async function collectStart(body: StreamedBody, bytesMax: number): Promise<Start> {
  if (body.sizeBytes !== undefined && body.sizeBytes > bytesMax) return { rest: body.stream }
  const iterator = body.stream[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    chunks.push(next.value)
    sizeBytes += next.value.length
    if (sizeBytes > bytesMax) return { rest: continueStream(chunks, iterator) }
  }
  const [only] = chunks
  return { whole: chunks.length === 1 && only ? only : Buffer.concat(chunks, sizeBytes), sizeBytes }
}

async function* continueStream(
  chunks: readonly Uint8Array[],
  iterator: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let isAtEnd = false
  try {
    yield* chunks
    for (;;) {
      const next = await iterator.next()
      if (next.done) break
      yield next.value
    }
    isAtEnd = true
  } finally {
    if (!isAtEnd) await iterator.return?.()
  }
}

async function* wholeAsStream(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes
}

function countBytes(stream: AsyncIterable<Uint8Array>) {
  let sizeBytes = 0
  async function* counted(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of stream) {
      sizeBytes += chunk.length
      checkBodySize(sizeBytes)
      yield chunk
    }
  }
  return { stream: counted(), sizeBytes: () => sizeBytes }
}
