import { close, read } from 'node:fs'
import { Readable } from 'node:stream'

/**
 * Bytes of one read: few enough to keep memory small with many readers, many enough to make few calls. The stream reads one piece ahead
 * of its consumer.
 */
const READ_BYTES = 256 * 1024

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
  }

  override _read(): void {
    const wanted = Math.min(READ_BYTES, this.#end + 1 - this.#at)
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
    const closeFile = () => close(this.#descriptor, (closeError) => callback(error ?? closeError))
    if (this.#isReading) this.#closeAfterRead = closeFile
    else closeFile()
  }
}
