import { Readable } from 'node:stream'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import { Places } from '../../base/places.ts'
import { unavailable } from './failures.ts'
import type { OpenFile } from './file-system.ts'

/** So many pieces are read by one call at most: half a MiB. */
const PIECES_MAX = 4
/**
 * Pieces behind the first one of each call, in the whole process: 8 MiB. Clients that stop reading may hold all of them; the others are then served piece by
 * piece.
 */
const furtherPieces = new Places(64)

/**
 * Reads the bytes from `start` to `end` (inclusive) of a file and closes it; the file belongs to the stream. It knows where it ends, so it
 * never asks for bytes behind the last, and it does without the promise and the event that a `FileHandle` costs for each read. Who reads on is read more for by each
 * call, as long as few others do; nothing is read that is not asked for, so that a client that does not read costs one piece first, and {@link PIECES_MAX} at most. The pieces lie in
 * `bodyBuffers`: a consumer that is done with one may give it back.
 */
export class BlobReader extends Readable {
  readonly blobBytes: number
  readonly #file: OpenFile
  readonly #end: number
  #at: number
  /** Closes the file once the read under way is over: never under its feet. */
  #closeAfterRead: (() => void) | null = null
  #isReading = false
  /** Pieces for the next call. */
  #pieces = 1
  /** Read, and not asked for yet: each holds one of {@link furtherPieces}. */
  readonly #ready: Buffer[] = []

  constructor(file: OpenFile, { start, end }: { readonly start: number; readonly end: number }) {
    super({ highWaterMark: 0 })
    this.blobBytes = file.sizeBytes
    this.#file = file
    this.#at = start
    this.#end = end
  }

  override _read(): void {
    // As all pieces come: never while the stream asks for one.
    if (this.#ready.length > 0) process.nextTick(() => this.#giveReady())
    else this.#readPieces()
  }

  #giveReady(): void {
    // None: it was destroyed meanwhile.
    const piece = this.#ready.shift()
    if (!piece) return
    furtherPieces.giveBack()
    this.push(piece)
  }

  #readPieces(): void {
    const restBytes = this.#end + 1 - this.#at
    if (restBytes <= 0) {
      this.push(null)
      return
    }
    const buffers = buffersFor(restBytes, this.#pieces)
    this.#pieces = Math.min(PIECES_MAX, this.#pieces * 2)
    this.#isReading = true
    this.#file.read(buffers, this.#at, (error, bytesRead) => {
      this.#isReading = false
      this.#closeAfterRead?.()
      const [first, ...further] = filled(buffers, this.destroyed || error ? 0 : bytesRead)
      if (this.destroyed) return
      if (error) {
        this.destroy(unavailable('read a blob', error))
      } else if (!first) {
        this.destroy(new Error(`the file ends at byte ${this.#at}, expected bytes up to ${this.#end}`))
      } else {
        this.#at += bytesRead
        this.#ready.push(...further)
        this.push(first)
      }
    })
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    for (const piece of this.#ready.splice(0)) {
      furtherPieces.giveBack()
      bodyBuffers.giveBack(piece)
    }
    const closeFile = () => this.#file.close((closeError) => callback(error ?? closeError))
    if (this.#isReading) this.#closeAfterRead = closeFile
    else closeFile()
  }
}

/** Buffers for so many bytes: `piecesMax` at most, the last one cut where the bytes end, and only the first where no more may be held. */
function buffersFor(bytes: number, piecesMax: number): Buffer[] {
  const buffers: Buffer[] = []
  for (let rest = bytes; rest > 0 && buffers.length < piecesMax;) {
    if (buffers.length > 0 && !furtherPieces.take()) break
    const buffer = bodyBuffers.take()
    buffers.push(rest < buffer.length ? buffer.subarray(0, rest) : buffer)
    rest -= buffer.length
  }
  return buffers
}

/** The parts of the buffers that hold the first `bytes`; the other buffers are given back, with their places. */
function filled(buffers: readonly Buffer[], bytes: number): Buffer[] {
  const pieces: Buffer[] = []
  let rest = bytes
  for (const [index, buffer] of buffers.entries()) {
    if (rest > 0) {
      pieces.push(buffer.length <= rest ? buffer : buffer.subarray(0, rest))
    } else {
      bodyBuffers.giveBack(buffer)
      if (index > 0) furtherPieces.giveBack()
    }
    rest -= buffer.length
  }
  return pieces
}
