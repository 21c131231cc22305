import { Readable } from 'node:stream'
import type { BlobId, ByteRange } from '../../storage/blob-store.ts'
import { blobLedgerOf } from '../blobs/context-ledger.ts'
import type { ServiceContext } from '../context.ts'
import { streamKey } from '../encryption/object-encryption.ts'
import { decryptStream, decryptWhole, storedRange } from '../encryption/segments.ts'
import { decodePartLayout } from '../records/object.ts'
import type { DecodedObject, ObjectPart } from '../records/object.ts'

/** Bytes in one blob: where they lie in the object, and what opens them. */
interface Piece {
  readonly blobId: BlobId
  readonly sizeBytes: number
  /** Null: stored as they are. */
  readonly key: Uint8Array | null
}

/**
 * Opens bytes of a version. `objectKey` comes from openEncryption. Small bodies come as a buffer; others as a stream that the caller
 * consumes or destroys, which opens a blob only when its bytes are asked for.
 */
export async function readBody(
  context: ServiceContext,
  object: DecodedObject,
  objectKey: Uint8Array | null,
  range: ByteRange | null,
): Promise<Buffer | Readable> {
  const { record, tail } = object
  if (!range) return Buffer.alloc(0)
  if (record.body === 'inline') {
    const bytes =
      objectKey && record.encryption ? decryptWhole(streamKey(objectKey, record.encryption.salt), tail) : tail
    return range.start === 0 && range.end === bytes.length - 1
      ? bytes
      : bytes.subarray(range.start, range.end + 1)
  }
  const pieces = piecesOf(object, objectKey)
  const [only] = pieces
  if (only && pieces.length === 1) return openPiece(context, only, range)
  // The later blobs are opened late: they must not be removed when the object is overwritten meanwhile.
  const ledger = await blobLedgerOf(context)
  const unpin = ledger.pin(pieces.map(({ blobId }) => blobId))
  return Readable.from(readPieces(context, pieces, range), { objectMode: false }).once('close', unpin)
}

/** The parts of an object that a multipart upload made; none for any other. */
export const partsOf = ({ record, tail }: DecodedObject): readonly ObjectPart[] =>
  record.body === 'parts' ? decodePartLayout(tail).parts : []

function piecesOf(object: DecodedObject, objectKey: Uint8Array | null): Piece[] {
  const { blob, encryption } = object.record
  if (blob)
    return [
      {
        blobId: blob.id,
        sizeBytes: blob.sizeBytes,
        key: objectKey && encryption ? streamKey(objectKey, encryption.salt) : null,
      },
    ]
  const pieces: Piece[] = []
  for (const { blobId, sizeBytes, salt } of partsOf(object)) {
    if (blobId === undefined) continue
    const key = objectKey && salt !== undefined ? streamKey(objectKey, salt) : null
    pieces.push({ blobId, sizeBytes, key })
  }
  return pieces
}

async function openPiece(context: ServiceContext, piece: Piece, range: ByteRange): Promise<Readable> {
  const { blobId, sizeBytes, key } = piece
  const isWhole = range.start === 0 && range.end === sizeBytes - 1
  if (!key) return context.blobs.get(blobId, isWhole ? undefined : range)
  const sealed = await context.blobs.get(blobId, isWhole ? undefined : storedRange(range, sizeBytes))
  const opened = Readable.from(decryptStream(key, sealed, { range, sizeBytes }), { objectMode: false })
  // Destroyed before its first byte was asked for, the generator never gets to close what it reads.
  return opened.once('close', () => sealed.destroy())
}

async function* readPieces(
  context: ServiceContext,
  pieces: readonly Piece[],
  range: ByteRange,
): AsyncGenerator<Uint8Array, void, undefined> {
  let offset = 0
  for (const piece of pieces) {
    const start = Math.max(0, range.start - offset)
    const end = Math.min(piece.sizeBytes - 1, range.end - offset)
    offset += piece.sizeBytes
    if (start > end) continue
    const stream: AsyncIterable<Uint8Array> = await openPiece(context, piece, { start, end })
    yield* stream
  }
}
