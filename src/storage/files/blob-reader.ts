import { Readable } from 'node:stream'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import { unavailable } from './failures.ts'
import type { OpenFile } from './file-system.ts'

/**
 * Reads the bytes from `start` to `end` (inclusive) of a file and closes it; the file belongs to the stream. It knows where it ends, so it
 * never asks for bytes behind the last, and it does without the promise and the event that a `FileHandle` costs for each read. It reads
 * nothing ahead of a consumer that pauses: a client that does not read costs one piece. The pieces lie in `bodyBuffers`: a consumer that is done with one may give it back.
 */
export class BlobReader extends Readable {
  readonly blobBytes: number
  readonly #file: OpenFile
  readonly #end: number
  #at: number
  /** Closes the file once the read under way is over: never under its feet. */
  #closeAfterRead: (() => void) | null = null
  #isReading = false

  constructor(file: OpenFile, { start, end }: { readonly start: number; readonly end: number }) {
    super({ highWaterMark: 0 })
    this.blobBytes = file.sizeBytes
    this.#file = file
    this.#at = start
    this.#end = end
  }

  override _read(): void {
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
      if (error) {
        this.destroy(unavailable('read a blob', error))
      } else if (bytesRead === 0) {
        this.destroy(new Error(`the file ends at byte ${this.#at}, expected bytes up to ${this.#end}`))
      } else {
        this.#at += bytesRead
        this.push(bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead))
      }
    })
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    const closeFile = () => this.#file.close((closeError) => callback(error ?? closeError))
    if (this.#isReading) this.#closeAfterRead = closeFile
    else closeFile()
  }
}
