import { Readable } from 'node:stream'
import { DamagedBlob, type BlobStream, type ByteRange } from '../../storage/blob-store.ts'

/** Opens the rest of a range elsewhere, after damage; null: nowhere. */
type OpenElsewhere = (rest: ByteRange, damage: DamagedBlob) => Promise<BlobStream | null>

/**
 * Gives a range of a blob to its end, though its store finds a part of it damaged on the way: the rest then comes from elsewhere. A store that checks gives no byte of a
 * damaged block, so that each byte comes from where it is whole.
 */
export class HealingReader extends Readable {
  readonly blobBytes: number
  readonly #end: number
  readonly #isWhole: boolean
  readonly #openElsewhere: OpenElsewhere
  #source: Readable
  #at: number
  /** Why the rest comes from elsewhere; null: it does not. */
  #damage: DamagedBlob | null = null

  /** `first` belongs to the reader. */
  constructor(first: BlobStream, range: ByteRange | undefined, openElsewhere: OpenElsewhere) {
    super({ highWaterMark: 0 })
    this.blobBytes = first.blobBytes
    this.#at = range?.start ?? 0
    this.#end = range?.end ?? first.blobBytes - 1
    this.#isWhole = range === undefined
    this.#openElsewhere = openElsewhere
    this.#source = first
    this.#attach(first)
  }

  override _read(): void {
    this.#source.resume()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#source.destroy()
    callback(error)
  }

  #attach(source: Readable): void {
    source.pause()
    source.on('data', (piece: Uint8Array) => {
      source.pause()
      this.#at += piece.length
      this.push(piece)
    })
    source.on('end', () => {
      if (source === this.#source) this.push(null)
    })
    source.on('error', (error) => {
      if (source !== this.#source || this.destroyed) return
      // What is damaged elsewhere, too, would be asked for without end.
      if (error instanceof DamagedBlob && !this.#damage) void this.#goOn(error)
      else this.destroy(error instanceof DamagedBlob ? (this.#damage ?? error) : error)
    })
  }

  async #goOn(damage: DamagedBlob): Promise<void> {
    this.#damage = damage
    try {
      const rest = await this.#openElsewhere({ start: this.#at, end: this.#end }, damage)
      if (this.destroyed) {
        rest?.destroy()
        return
      }
      // The size of a damaged blob may be wrong: whoever asked for all of it was told another one.
      if (!rest || (this.#isWhole && rest.blobBytes !== this.blobBytes)) {
        rest?.destroy()
        this.destroy(damage)
        return
      }
      this.#source = rest
      this.#attach(rest)
      rest.resume()
    } catch {
      // What counts is why it was asked.
      this.destroy(damage)
    }
  }
}
