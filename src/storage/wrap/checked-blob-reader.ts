import { Readable } from 'node:stream'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import { crc32 } from '../../base/crc-32.ts'
import { DamagedBlob, type BlobId, type ByteRange } from '../blob-store.ts'
import { blockOf, BlockSums, blockStart, sizeBytesOf, STORED_BLOCK_BYTES, SUM_BYTES } from './block-sums.ts'

interface CheckedReadOptions {
  readonly id: BlobId
  /** Stored bytes of the whole blob. */
  readonly storedBytes: number
  /** What is wanted of its bytes; inside the blob. */
  readonly range: ByteRange
  readonly place: string
}

/**
 * Gives a range of a blob out of the stored blocks that it touches, each once all of it was checked: no byte of a damaged block goes out. It holds one
 * block at most, and reads nothing ahead of what the stream below gives at once.
 */
export class CheckedBlobReader extends Readable {
  readonly blobBytes: number
  readonly #source: Readable
  readonly #options: CheckedReadOptions
  readonly #sums: BlockSums
  readonly #lastOfAll: number
  readonly #lastWanted: number
  #index: number
  /** Of the block that is coming: its stored bytes as far as they are here. */
  #pieces: Uint8Array[] = []
  #pieceBytes = 0

  /** `source` gives the stored bytes of all blocks that the range touches; it belongs to the reader. */
  constructor(source: Readable, options: CheckedReadOptions) {
    super({ highWaterMark: 0 })
    const { id, storedBytes, range } = options
    this.blobBytes = sizeBytesOf(storedBytes)
    this.#source = source
    this.#options = options
    this.#sums = new BlockSums(id)
    this.#lastOfAll = blockOf(Math.max(0, this.blobBytes - 1))
    this.#index = blockOf(range.start)
    this.#lastWanted = blockOf(Math.max(range.start, range.end))
    // First: a listener alone would make it read.
    source.pause()
    source.on('data', (piece: Uint8Array) => {
      source.pause()
      this.#take(piece)
    })
    source.on('error', (error) => this.destroy(error))
    for (const event of ['end', 'close']) source.on(event, () => this.#endEarly())
  }

  override _read(): void {
    this.#source.resume()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // One that gave all of it ends by itself.
    if (this.#index <= this.#lastWanted) this.#source.destroy()
    callback(error)
  }

  #take(piece: Uint8Array): void {
    if (this.destroyed) return
    let isGiven = false
    for (let at = 0; at < piece.length && this.#index <= this.#lastWanted;) {
      const takenBytes = Math.min(this.#blockBytes - this.#pieceBytes, piece.length - at)
      this.#pieces.push(piece.subarray(at, at + takenBytes))
      bodyBuffers.share(piece)
      this.#pieceBytes += takenBytes
      at += takenBytes
      if (this.#pieceBytes < this.#blockBytes) continue
      if (!this.#passBlock()) return
      isGiven = true
    }
    bodyBuffers.giveBack(piece)
    if (this.#index > this.#lastWanted) {
      this.push(null)
      // It ends by itself, so that the connection that it comes over may serve again.
      this.#source.resume()
    } else if (!isGiven) {
      this.#source.resume()
    }
  }

  /** Stored bytes of the block that is coming. */
  get #blockBytes(): number {
    return this.#index < this.#lastOfAll
      ? STORED_BLOCK_BYTES
      : this.#options.storedBytes - this.#lastOfAll * STORED_BLOCK_BYTES
  }

  /** Checks the block that is here and gives what is wanted of it; false when it is damaged. */
  #passBlock(): boolean {
    const index = this.#index++
    const stored = this.#pieces
    const bytes = this.#pieceBytes - SUM_BYTES
    this.#pieces = []
    this.#pieceBytes = 0
    let sum = this.#sums.begin(index, index === this.#lastOfAll)
    let expected = 0
    let at = 0
    for (const piece of stored) {
      const data = Math.max(0, Math.min(piece.length, bytes - at))
      if (data > 0) sum = crc32(data === piece.length ? piece : piece.subarray(0, data), sum)
      for (let rest = data; rest < piece.length; rest++) expected = expected * 256 + (piece[rest] ?? 0)
      at += piece.length
    }
    const start = blockStart(index)
    if (sum !== expected) {
      for (const piece of stored) bodyBuffers.giveBack(piece)
      this.#fail(start, `the checksum of its bytes ${start} to ${start + bytes - 1} is wrong`)
      return false
    }
    const { range } = this.#options
    let offset = start
    for (const piece of stored) {
      const from = Math.max(0, range.start - offset)
      const to = Math.min(piece.length, start + bytes - offset, range.end + 1 - offset)
      offset += piece.length
      if (from < to) this.push(piece.subarray(from, to))
      else bodyBuffers.giveBack(piece)
    }
    return true
  }

  #endEarly(): void {
    if (this.destroyed || this.#index > this.#lastWanted) return
    const start = blockStart(this.#index)
    this.#fail(start, `its stored bytes end in the block that begins at byte ${start}`)
  }

  #fail(offset: number, reason: string): void {
    const { id, place } = this.#options
    this.destroy(new DamagedBlob(id, { offset, place, reason }))
  }
}
