import { Readable } from 'node:stream'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import type { BlobId, ByteRange } from '../../storage/blob-store.ts'
import { SegmentOpener, storedRange } from '../encryption/segments.ts'

/** What is opened anew of a body that was put down: should its reader stop again soon, little was read for nothing. */
const RESUMED_BYTES = 64 * 1024

/** Bytes that are wanted of one blob. */
export interface BodyPiece {
  readonly blobId: BlobId
  /** Of all plain bytes. */
  readonly sizeBytes: number
  /** Opens the bytes; null: they are stored as they are. */
  readonly key: Uint8Array | null
  /** Of the plain bytes; not empty. */
  readonly range: ByteRange
}

interface BodyReaderOptions {
  readonly pieces: readonly BodyPiece[]
  /** Opens stored bytes of a blob. */
  readonly open: (blobId: BlobId, stored: ByteRange) => Promise<Readable>
  /** Hears how many of the first pieces are not needed any more. */
  readonly onPassed: (count: number) => void
}

/** Bytes of a blob that are being read. */
interface Source {
  readonly stream: Readable
  readonly opener: SegmentOpener | null
  /** Plain bytes that have not come yet. */
  bytesLeft: number
}

/**
 * Reads the bytes of a body, one blob after the other, each opened when its bytes are asked for. It reads nothing ahead, and can be put down:
 * then it holds neither bytes nor a file until it is read on.
 */
export class BodyReader extends Readable {
  readonly #options: BodyReaderOptions
  /** The piece that is being read, and how much of what is wanted of it was given. */
  #index = 0
  #given = 0
  #source: Source | null = null
  /** Came, and were not asked for yet. */
  readonly #ready: Uint8Array[] = []
  #isWanted = false
  #isOpening = false
  #wasPutDown = false

  constructor(options: BodyReaderOptions) {
    super({ highWaterMark: 0 })
    this.#options = options
  }

  /** Opens the first blob already, so that its absence shows before anything is said about the body. Rejects as `open`. */
  async begin(): Promise<this> {
    const piece = this.#options.pieces[0]
    if (piece) this.#attach(await this.#openRest(piece))
    return this
  }

  /**
   * Takes back the last bytes that it gave, all of them of the last chunk: they come again when it is read on. Nothing is held until then. For a
   * consumer that paused it.
   */
  putDown(bytes: number): void {
    if (this.readableLength > 0 || this.#isWanted || bytes > this.#given)
      throw new Error('a body is put down while it is read')
    this.#given -= bytes
    this.#wasPutDown = true
    for (const chunk of this.#ready.splice(0)) bodyBuffers.giveBack(chunk)
    this.#detach()
  }

  /** What came together with the bytes that it gave last: it is given by this, and not again. For a consumer that can use more at once. */
  takeReady(): Uint8Array[] {
    // What the stream itself still has goes before them.
    if (this.readableLength > 0) return []
    const ready = this.#ready.splice(0)
    for (const chunk of ready) this.#given += chunk.length
    return ready
  }

  override _read(): void {
    this.#isWanted = true
    this.#advance()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#detach()
    callback(error)
  }

  /** Gives what is there, or sees to it that more comes. */
  #advance(): void {
    if (!this.#isWanted || this.destroyed || this.#isOpening) return
    const chunk = this.#ready.shift()
    if (chunk) {
      this.#isWanted = false
      this.#given += chunk.length
      this.push(chunk)
      return
    }
    if (this.#source) return void this.#source.stream.resume()
    // Only now: what was given last cannot be taken back any more.
    if (this.#given === this.#wantedBytes) {
      this.#index++
      this.#given = 0
      this.#options.onPassed(this.#index)
    }
    const piece = this.#options.pieces[this.#index]
    if (piece) void this.#continue(piece)
    else this.push(null)
  }

  get #wantedBytes(): number {
    const piece = this.#options.pieces[this.#index]
    return piece ? piece.range.end + 1 - piece.range.start : 0
  }

  async #continue(piece: BodyPiece): Promise<void> {
    this.#isOpening = true
    try {
      const source = await this.#openRest(piece)
      this.#isOpening = false
      if (this.destroyed) source.stream.destroy()
      else this.#attach(source)
    } catch (error) {
      this.#isOpening = false
      this.#fail(error)
    }
    this.#advance()
  }

  async #openRest(piece: BodyPiece): Promise<Source> {
    const start = piece.range.start + this.#given
    const end = this.#wasPutDown ? Math.min(piece.range.end, start + RESUMED_BYTES - 1) : piece.range.end
    this.#wasPutDown = false
    const range = { start, end }
    const { blobId, key, sizeBytes } = piece
    const stream = await this.#options.open(blobId, key ? storedRange(range, sizeBytes) : range)
    return { stream, opener: key && new SegmentOpener(key, { range, sizeBytes }), bytesLeft: end + 1 - start }
  }

  #attach(source: Source): void {
    const { stream } = source
    this.#source = source
    // First: a listener alone would make it read.
    stream.pause()
    stream.on('data', (stored: Uint8Array) => {
      if (source !== this.#source) return bodyBuffers.giveBack(stored)
      this.#take(source, stored)
    })
    stream.on('error', (error) => {
      if (source === this.#source) this.destroy(error)
    })
    stream.on('close', () => {
      if (source === this.#source) this.destroy(new Error('a blob was closed before its end'))
    })
    stream.on('end', () => {
      if (source === this.#source) this.#endEarly(source)
    })
  }

  #take(source: Source, stored: Uint8Array): void {
    source.stream.pause()
    try {
      if (source.opener) {
        for (const plain of source.opener.take(stored)) this.#add(source, plain)
        bodyBuffers.giveBack(stored)
      } else {
        this.#add(source, stored)
      }
    } catch (error) {
      this.#fail(error)
      return
    }
    if (source.bytesLeft <= 0) {
      // It ends by itself, so that what it comes over may serve again.
      this.#source = null
      source.stream.resume()
    }
    this.#advance()
  }

  #add(source: Source, plain: Uint8Array): void {
    source.bytesLeft -= plain.length
    this.#ready.push(plain)
  }

  #endEarly({ opener, bytesLeft }: Source): void {
    try {
      opener?.end()
      this.destroy(new Error(`a blob ends ${bytesLeft} bytes too early`))
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    this.destroy(error instanceof Error ? error : new Error('a blob could not be read', { cause: error }))
  }

  #detach(): void {
    const source = this.#source
    this.#source = null
    source?.stream.destroy()
  }
}
