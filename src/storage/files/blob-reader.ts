import { Readable } from 'node:stream'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import { Places } from '../../base/places.ts'
import { unavailable } from './failures.ts'
import type { OpenFile } from './file-system.ts'

/**
 * Pieces that are read while the one before is being sent, in the whole process: 8 MiB. Clients that stop reading may hold all of them; the others are
 * then served piece by piece, as all would be without.
 */
const piecesAhead = new Places(64)

interface ReadResult {
  readonly buffer: Buffer
  readonly bytesRead: number
  readonly error: Error | null
}

/**
 * Reads the bytes from `start` to `end` (inclusive) of a file and closes it; the file belongs to the stream. It knows where it ends, so it
 * never asks for bytes behind the last, and it does without the promise and the event that a `FileHandle` costs for each read. It reads
 * one piece ahead of its consumer, as long as few others do: a client that does not read costs two pieces at most. The pieces lie in `bodyBuffers`: a
 * consumer that is done with one may give it back.
 */
export class BlobReader extends Readable {
  readonly blobBytes: number
  readonly #file: OpenFile
  readonly #end: number
  #at: number
  /** Closes the file once the read under way is over: never under its feet. */
  #closeAfterRead: (() => void) | null = null
  #isReading = false
  /** Whether the consumer waits for a piece. */
  #isWanted = false
  /** Read, and not asked for yet. */
  #ahead: ReadResult | null = null
  #hasPlace = false

  constructor(file: OpenFile, { start, end }: { readonly start: number; readonly end: number }) {
    super({ highWaterMark: 0 })
    this.blobBytes = file.sizeBytes
    this.#file = file
    this.#at = start
    this.#end = end
  }

  override _read(): void {
    const ahead = this.#ahead
    if (!ahead) {
      this.#isWanted = true
      if (!this.#isReading) this.#readPiece()
      return
    }
    this.#ahead = null
    this.#give(ahead)
  }

  #readPiece(): void {
    const wanted = Math.min(bodyBuffers.bufferBytes, this.#end + 1 - this.#at)
    if (wanted <= 0) {
      this.push(null)
      return
    }
    this.#isReading = true
    const buffer = bodyBuffers.take()
    this.#file.read(buffer, wanted, this.#at, (error, bytesRead) => {
      this.#isReading = false
      this.#closeAfterRead?.()
      if (this.destroyed) return
      const result = { buffer, bytesRead, error }
      if (this.#isWanted) this.#give(result)
      else this.#ahead = result
    })
  }

  #give({ buffer, bytesRead, error }: ReadResult): void {
    this.#isWanted = false
    this.#leavePlace()
    if (error) {
      this.destroy(unavailable('read a blob', error))
      return
    }
    if (bytesRead === 0) {
      this.destroy(new Error(`the file ends at byte ${this.#at}, expected bytes up to ${this.#end}`))
      return
    }
    this.#at += bytesRead
    this.push(bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead))
    this.#readAhead()
  }

  #readAhead(): void {
    if (this.destroyed || this.#isReading || this.#ahead || this.#at > this.#end || !piecesAhead.take())
      return
    this.#hasPlace = true
    this.#readPiece()
  }

  #leavePlace(): void {
    if (this.#hasPlace) piecesAhead.giveBack()
    this.#hasPlace = false
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (this.#ahead) bodyBuffers.giveBack(this.#ahead.buffer)
    this.#ahead = null
    this.#leavePlace()
    const closeFile = () => this.#file.close((closeError) => callback(error ?? closeError))
    if (this.#isReading) this.#closeAfterRead = closeFile
    else closeFile()
  }
}
