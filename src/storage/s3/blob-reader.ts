import { setTimeout as pause } from 'node:timers/promises'
import { Readable } from 'node:stream'
import type { ByteRange } from '../blob-store.ts'

/** Of each blob that is being read. */
const READ_AHEAD_BYTES = 256 * 1024
/** Openings in a row that give no byte, the first breach included. */
const ATTEMPTS_MAX = 5
const PAUSE_MS = 200

/** Asks the cluster for the bytes of a range. */
type OpenRange = (range: ByteRange) => Promise<Readable>

/**
 * Reads a range of a blob to its end. A cluster, or a proxy before it, cuts a connection whose reader is slow, and so does our own client after a while of silence:
 * the bytes never change, so the rest is asked for again, once somebody wants it. Fails when the cluster gives nothing several times in a
 * row, or says that the blob is gone; never ends before the last byte.
 */
export class S3BlobReader extends Readable {
  readonly #open: OpenRange
  readonly #end: number
  #at: number
  #source: Readable | null = null
  #isOpening = false
  #isWanted = false
  #attempts = 0

  /** `first`: the stream of `range` that was opened already; it belongs to the reader from now on. */
  constructor(first: Readable, range: ByteRange, open: OpenRange) {
    super({ highWaterMark: READ_AHEAD_BYTES })
    this.#open = open
    this.#at = range.start
    this.#end = range.end
    this.#attach(first)
  }

  override _read(): void {
    this.#isWanted = true
    if (this.#source) this.#source.resume()
    else if (this.#at > this.#end) this.push(null)
    else if (!this.#isOpening) void this.#reopen()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#detach()
    callback(error)
  }

  #attach(source: Readable): void {
    this.#source = source
    source.on('data', (piece: Buffer) => {
      if (source !== this.#source) return
      // A cluster that sends more than it was asked for is not to be believed.
      if (piece.length > this.#end + 1 - this.#at) {
        this.destroy(new Error(`the cluster sent bytes behind byte ${this.#end} of the blob`))
        return
      }
      this.#at += piece.length
      this.#attempts = 0
      this.#isWanted = this.push(piece)
      if (!this.#isWanted) source.pause()
    })
    source.on('error', (error) => this.#onBreach(source, error))
    for (const event of ['end', 'close'])
      source.on(event, () => this.#onBreach(source, new Error('the cluster ended the response')))
    source.pause()
    if (this.#isWanted) source.resume()
  }

  #detach(): void {
    const source = this.#source
    this.#source = null
    source?.destroy()
  }

  /** The source is over: at the end of the range, or before it. */
  #onBreach(source: Readable, error: Error): void {
    if (source !== this.#source) return
    this.#detach()
    if (this.#at > this.#end) this.push(null)
    else if (++this.#attempts >= ATTEMPTS_MAX) this.destroy(error)
    else if (this.#isWanted && !this.#isOpening) void this.#reopen()
  }

  async #reopen(): Promise<void> {
    this.#isOpening = true
    try {
      if (this.#attempts > 1) await pause(PAUSE_MS * 2 ** (this.#attempts - 2))
      if (this.destroyed) return
      const source = await this.#open({ start: this.#at, end: this.#end })
      this.#isOpening = false
      // oxlint-disable-next-line typescript/no-unnecessary-condition -- destroyed while the cluster was asked
      if (this.destroyed) source.destroy()
      else this.#attach(source)
    } catch (error) {
      this.#isOpening = false
      this.#onRefusal(error instanceof Error ? error : new Error('the cluster failed', { cause: error }))
    }
  }

  #onRefusal(error: Error): void {
    const isFinal = error.name === 'BlobNotFound' || error instanceof RangeError
    if (isFinal || ++this.#attempts >= ATTEMPTS_MAX) this.destroy(error)
    else void this.#reopen()
  }
}
