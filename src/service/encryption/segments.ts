import { createCipheriv, createDecipheriv, type DecipherGCM } from 'node:crypto'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import type { ByteRange } from '../../storage/blob-store.ts'

/**
 * The form of encrypted bytes: segments of 64 KiB, each sealed by itself with AES-256-GCM, so that a range is read without what lies before
 * it, and no byte is given out that was not authenticated.
 *
 *     segment   ciphertext (65,536 bytes; the last one 0 to 65,536) then the tag (16 bytes)
 *     nonce     12 bytes: 1 byte 1 for the last segment, else 0; 3 zero bytes; segment index, 8 bytes big-endian
 *
 * The nonce tells place and end: segments that were swapped, left out or cut off do not open. A key serves one stream only.
 */
export const SEGMENT_BYTES = 65_536
const TAG_BYTES = 16
const STORED_SEGMENT_BYTES = SEGMENT_BYTES + TAG_BYTES
const ALGORITHM = 'aes-256-gcm'

/** The stored bytes were changed, or belong to another key or place. */
export class SealedBytesBroken extends Error {
  override readonly name = 'SealedBytesBroken'
}

/** How many bytes are stored for `sizeBytes` bytes. */
export const storedSizeBytes = (sizeBytes: number): number => sizeBytes + TAG_BYTES * segmentCount(sizeBytes)

/** The stored bytes that must be read to give out `range`: whole segments. */
export function storedRange(range: ByteRange, sizeBytes: number): ByteRange {
  const first = Math.floor(range.start / SEGMENT_BYTES)
  const last = Math.floor(range.end / SEGMENT_BYTES)
  return {
    start: first * STORED_SEGMENT_BYTES,
    end: Math.min((last + 1) * STORED_SEGMENT_BYTES, storedSizeBytes(sizeBytes)) - 1,
  }
}

/**
 * Encrypts bytes as they come. `key`: 32 bytes, used for nothing else. Each segment comes in a few pieces: a body that is joined and cut again
 * costs the garbage collector more than the cipher.
 */
export async function* encryptStream(
  key: Uint8Array,
  plain: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  const pending = new PendingPieces()
  let index = 0
  for await (const piece of plain) {
    pending.add(piece)
    // A segment is sealed once more is known to follow it: the last one is told apart.
    while (pending.sizeBytes > SEGMENT_BYTES) yield* sealPieces(key, index++, false, pending)
  }
  yield* sealPieces(key, index, true, pending)
}

/** Seals what is there, a segment at most. */
function* sealPieces(
  key: Uint8Array,
  index: number,
  isLast: boolean,
  pending: PendingPieces,
): Generator<Buffer, void, undefined> {
  const cipher = createCipheriv(ALGORITHM, key, nonceOf(index, isLast))
  for (let bytesLeft = Math.min(SEGMENT_BYTES, pending.sizeBytes); bytesLeft > 0;) {
    const sealed = bodyBuffers.adopt(pending.take(bytesLeft, (plain) => cipher.update(plain)))
    bytesLeft -= sealed.length
    yield sealed
  }
  cipher.final()
  yield cipher.getAuthTag()
}

/** Bytes that came and were not needed yet, in the order in which they came. */
class PendingPieces {
  readonly #pieces: Uint8Array[] = []
  /** Of the first piece. */
  #takenBytes = 0
  sizeBytes = 0

  add(piece: Uint8Array): void {
    if (piece.length === 0) return bodyBuffers.giveBack(piece)
    this.#pieces.push(piece)
    this.sizeBytes += piece.length
  }

  /** Lets `use` have what lies in the first piece, so many bytes at most, and gives the piece back when it is used up. There must be one. */
  take<T>(bytesMax: number, use: (bytes: Uint8Array) => T): T {
    const piece = this.#pieces[0]
    if (!piece) throw new Error('no bytes are pending')
    const end = Math.min(piece.length, this.#takenBytes + bytesMax)
    const used = use(piece.subarray(this.#takenBytes, end))
    this.sizeBytes -= end - this.#takenBytes
    this.#takenBytes = end
    if (end === piece.length) {
      this.#pieces.shift()
      this.#takenBytes = 0
      bodyBuffers.giveBack(piece)
    }
    return used
  }
}

/**
 * Decrypts what {@link storedRange} told to read, as it comes in pieces of any size, and gives out `range` of the plain bytes. It keeps no
 * more than one segment, whose bytes it gives once all of them are authenticated.
 */
export class SegmentOpener {
  readonly #key: Uint8Array
  readonly #range: ByteRange
  readonly #sizeBytes: number
  #index: number
  #decipher: DecipherGCM | null = null
  /** Of the segment that is being opened. */
  #plain: Buffer[] = []
  #sealedBytesLeft = 0
  readonly #tag = Buffer.alloc(TAG_BYTES)
  #tagBytes = 0

  /** `sizeBytes` is the size of all plain bytes. */
  constructor(
    key: Uint8Array,
    { range, sizeBytes }: { readonly range: ByteRange; readonly sizeBytes: number },
  ) {
    this.#key = key
    this.#range = range
    this.#sizeBytes = sizeBytes
    this.#index = Math.floor(range.start / SEGMENT_BYTES)
  }

  /** Takes the next stored bytes, which are not needed afterwards; gives what they complete, each to be given back to `bodyBuffers`. Throws {@link SealedBytesBroken}. */
  take(stored: Uint8Array): Buffer[] {
    const opened: Buffer[] = []
    for (let at = 0; at < stored.length;) {
      this.#decipher ??= this.#begin()
      const sealedBytes = Math.min(this.#sealedBytesLeft, stored.length - at)
      if (sealedBytes > 0) {
        this.#plain.push(bodyBuffers.adopt(this.#decipher.update(stored.subarray(at, at + sealedBytes))))
        this.#sealedBytesLeft -= sealedBytes
        at += sealedBytes
      }
      const tagBytes = Math.min(TAG_BYTES - this.#tagBytes, stored.length - at)
      this.#tag.set(stored.subarray(at, at + tagBytes), this.#tagBytes)
      this.#tagBytes += tagBytes
      at += tagBytes
      if (this.#tagBytes === TAG_BYTES) opened.push(this.#finish(this.#decipher))
    }
    return opened
  }

  /** To be called when no more bytes come. Throws {@link SealedBytesBroken} when some are missing. */
  end(): void {
    if (this.#index <= Math.floor(this.#range.end / SEGMENT_BYTES))
      throw new SealedBytesBroken(`sealed bytes end before segment ${this.#index}, or within it`)
  }

  #begin(): DecipherGCM {
    const lastOfAll = segmentCount(this.#sizeBytes) - 1
    if (this.#index > lastOfAll) throw new SealedBytesBroken('there are bytes behind the last segment')
    const isLast = this.#index === lastOfAll
    this.#sealedBytesLeft = isLast ? this.#sizeBytes - lastOfAll * SEGMENT_BYTES : SEGMENT_BYTES
    return createDecipheriv(ALGORITHM, this.#key, nonceOf(this.#index, isLast))
  }

  #finish(decipher: DecipherGCM): Buffer {
    const index = this.#index++
    const pieces = this.#plain
    this.#decipher = null
    this.#plain = []
    this.#tagBytes = 0
    authenticate(decipher, this.#tag, index)
    const [only] = pieces
    const plain = only && pieces.length === 1 ? only : joined(pieces)
    const offset = index * SEGMENT_BYTES
    const { start, end } = this.#range
    return plain.subarray(Math.max(0, start - offset), Math.min(plain.length, end + 1 - offset))
  }
}

/** Encrypts bytes that are whole in memory. */
export function encryptWhole(key: Uint8Array, plain: Uint8Array): Buffer {
  const count = segmentCount(plain.length)
  if (count === 1) return sealSegment(key, 0, true, plain)
  const sealed = Array.from({ length: count }, (_, index) =>
    sealSegment(
      key,
      index,
      index === count - 1,
      plain.subarray(index * SEGMENT_BYTES, (index + 1) * SEGMENT_BYTES),
    ),
  )
  return Buffer.concat(sealed)
}

/** Decrypts bytes that are whole in memory; what it gives may be given back to `bodyBuffers`. Throws {@link SealedBytesBroken}. */
export function decryptWhole(key: Uint8Array, stored: Buffer): Buffer {
  const count = Math.max(1, Math.ceil(stored.length / STORED_SEGMENT_BYTES))
  if (count === 1) return openSegment(key, 0, true, stored)
  const opened = Array.from({ length: count }, (_, index) =>
    openSegment(
      key,
      index,
      index === count - 1,
      stored.subarray(index * STORED_SEGMENT_BYTES, (index + 1) * STORED_SEGMENT_BYTES),
    ),
  )
  return joined(opened)
}

/** Bytes without any still make one, empty segment: its tag says that there are none. */
const segmentCount = (sizeBytes: number) => Math.max(1, Math.ceil(sizeBytes / SEGMENT_BYTES))

/** Most bodies are one segment. */
const ONLY_NONCE = newNonce(0, true)

const nonceOf = (index: number, isLast: boolean): Buffer =>
  index === 0 && isLast ? ONLY_NONCE : newNonce(index, isLast)

function newNonce(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  if (isLast) nonce[0] = 1
  nonce.writeBigUInt64BE(BigInt(index), 4)
  return nonce
}

function sealSegment(key: Uint8Array, index: number, isLast: boolean, plain: Uint8Array): Buffer {
  const cipher = createCipheriv(ALGORITHM, key, nonceOf(index, isLast))
  const sealed = bodyBuffers.adopt(cipher.update(plain))
  cipher.final()
  const segment = Buffer.concat([sealed, cipher.getAuthTag()])
  bodyBuffers.giveBack(sealed)
  return segment
}

function openSegment(key: Uint8Array, index: number, isLast: boolean, stored: Uint8Array): Buffer {
  const plainBytes = stored.length - TAG_BYTES
  if (plainBytes < 0) throw new SealedBytesBroken(`segment ${index} has ${stored.length} bytes`)
  const decipher = createDecipheriv(ALGORITHM, key, nonceOf(index, isLast))
  const plain = bodyBuffers.adopt(decipher.update(stored.subarray(0, plainBytes)))
  authenticate(decipher, stored.subarray(plainBytes), index)
  return plain
}

/** To be called when all of a segment was deciphered, and before any of it is given out. */
function authenticate(decipher: DecipherGCM, tag: Uint8Array, index: number): void {
  decipher.setAuthTag(tag)
  try {
    // In this mode `update` has given all there is.
    decipher.final()
  } catch (error) {
    throw new SealedBytesBroken(`segment ${index} does not open`, { cause: error })
  }
}

/** A copy of all bytes; the pieces are not needed any more. */
function joined(pieces: readonly Uint8Array[]): Buffer {
  const whole = bodyBuffers.adopt(Buffer.concat(pieces))
  for (const piece of pieces) bodyBuffers.giveBack(piece)
  return whole
}
