import type { ByteRange } from '../../storage/blob-store.ts'
import { BlobsGivenUp } from '../blobs/blob-ledger.ts'
import type { BodyHold } from '../blobs/body-holds.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { decryptWhole } from '../encryption/segments.ts'
import { streamKey } from '../encryption/stream-key.ts'
import { decodePartLayout } from '../records/object.ts'
import type { DecodedObject, ObjectPart } from '../records/object.ts'
import { BodyReader, type BodyPiece } from './body-reader.ts'

/** Bytes of the object that are in one blob. */
type StoredPiece = Omit<BodyPiece, 'range'>

interface ReadBodyOptions {
  /** From openEncryption. */
  readonly dataKey: Uint8Array | null
  /** Null: no bytes. */
  readonly range: ByteRange | null
  /** That of the moment before the version was looked up (see readEpoch); null: not known. */
  readonly epoch: number | null
}

/**
 * Opens bytes of a version. Small bodies come as a buffer; others as a stream that the caller consumes or destroys, which opens a blob only when its
 * bytes are asked for. Until then its blobs are held: they stay, whatever becomes of the object. Throws `RecordBusy` when they were given up
 * before.
 */
export async function readBody(
  context: ServiceContext,
  object: DecodedObject,
  { dataKey, range, epoch }: ReadBodyOptions,
): Promise<Buffer | BodyReader> {
  const { record, tail } = object
  if (!range) return Buffer.alloc(0)
  if (record.body === 'inline') {
    const bytes =
      dataKey && record.encryption ? decryptWhole(streamKey(dataKey, record.encryption.salt), tail) : tail
    return range.start === 0 && range.end === bytes.length - 1
      ? bytes
      : bytes.subarray(range.start, range.end + 1)
  }
  const pieces = wantedPieces(piecesOf(object, dataKey), range)
  const hold = await holdPieces(context, pieces, epoch)
  const body = new BodyReader({
    pieces,
    // Always by range: a blob that lost bytes is then refused before the first is sent, and never ends short.
    open: (blobId, stored) => context.blobs.get(blobId, stored),
    onPassed: (count) => hold.readFirst(count),
  })
  body.once('close', () => hold.release())
  // Of several blobs each is opened in its turn.
  if (pieces.length > 1) return body
  try {
    return await body.begin()
  } catch (error) {
    body.destroy()
    throw error
  }
}

async function holdPieces(
  context: ServiceContext,
  pieces: readonly StoredPiece[],
  epoch: number | null,
): Promise<BodyHold> {
  try {
    return await context.blobLedger.hold(
      pieces.map(({ blobId }) => blobId),
      epoch,
    )
  } catch (error) {
    if (error instanceof BlobsGivenUp) throw new DomainError('RecordBusy', {}, { cause: error })
    throw error
  }
}

/** The parts of an object that a multipart upload made; none for any other. */
export const partsOf = ({ record, tail }: DecodedObject): readonly ObjectPart[] =>
  record.body === 'parts' ? decodePartLayout(tail).parts : []

function piecesOf(object: DecodedObject, dataKey: Uint8Array | null): StoredPiece[] {
  const { blob, encryption } = object.record
  if (blob)
    return [
      {
        blobId: blob.id,
        sizeBytes: blob.sizeBytes,
        key: dataKey && encryption ? streamKey(dataKey, encryption.salt) : null,
      },
    ]
  const pieces: StoredPiece[] = []
  for (const { blobId, sizeBytes, salt } of partsOf(object)) {
    if (blobId === undefined) continue
    const key = dataKey && salt !== undefined ? streamKey(dataKey, salt) : null
    pieces.push({ blobId, sizeBytes, key })
  }
  return pieces
}

/** The pieces that a range of the object touches, each with what is wanted of it. */
function wantedPieces(pieces: readonly StoredPiece[], range: ByteRange): BodyPiece[] {
  const wanted: BodyPiece[] = []
  let offset = 0
  for (const piece of pieces) {
    const start = Math.max(0, range.start - offset)
    const end = Math.min(piece.sizeBytes - 1, range.end - offset)
    offset += piece.sizeBytes
    if (start <= end) wanted.push({ ...piece, range: { start, end } })
  }
  return wanted
}
