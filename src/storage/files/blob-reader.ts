import { close, read } from 'node:fs'
import { Readable } from 'node:stream'

/** Bytes of one read: enough to make few calls. The stream reads one piece ahead of its consumer. */
const READ_BYTES = 256 * 1024
/** Bytes of one read while many files are read, so that memory stays small. */
const CROWDED_READ_BYTES = 128 * 1024
const CROWD = 16

let openReaders = 0

/**
 * Reads the bytes from `start` to `end` (inclusive) of a file and closes it; the descriptor belongs to the stream. It knows where it ends, so it
 * never asks for bytes behind the last, and it does without the promise and the event that a `FileHandle` costs for each read.
 */
export class BlobReader extends Readable {
  readonly #descriptor: number
  readonly #end: number
  #at: number
  /** Closes the file once the read under way is over: never under its feet. */
  #closeAfterRead: (() => void) | null = null
  #isReading = false

  constructor(descriptor: number, { start, end }: { readonly start: number; readonly end: number }) {
    super({ highWaterMark: READ_BYTES })
    this.#descriptor = descriptor
    this.#at = start
    this.#end = end
    openReaders++
  }

  override _read(): void {
    const readBytes = openReaders > CROWD ? CROWDED_READ_BYTES : READ_BYTES
    const wanted = Math.min(readBytes, this.#end + 1 - this.#at)
    if (wanted <= 0) {
      this.push(null)
      return
    }
    this.#isReading = true
    const buffer = Buffer.allocUnsafeSlow(wanted)
    read(this.#descriptor, buffer, 0, wanted, this.#at, (error, bytesRead) => {
      this.#isReading = false
      this.#closeAfterRead?.()
      if (this.destroyed) return
      if (error) {
        this.destroy(error)
      } else if (bytesRead === 0) {
        this.destroy(new Error(`the file ends at byte ${this.#at}, expected bytes up to ${this.#end}`))
      } else {
        this.#at += bytesRead
        this.push(bytesRead === wanted ? buffer : buffer.subarray(0, bytesRead))
      }
    })
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    openReaders--
    const closeFile = () => close(this.#descriptor, (closeError) => callback(error ?? closeError))
    if (this.#isReading) this.#closeAfterRead = closeFile
    else closeFile()
  }
}
