import { createHash, type Hash } from 'node:crypto'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { BlobId, BlobStore } from '../../storage/blob-store.ts'
import { newRandomName, runBlobIds } from './names.ts'
import { encodeRunKey, type RunEntry, type RunInfo } from './run-format.ts'

/** Gathered before they go on, so that few pieces are passed through the target's streams. */
const PIECE_BYTES = 128 * 1024

/**
 * Writes the entries as a new run, both halves at once, as fast as the target takes them. Null, and nothing is written, when there are none. What a failure
 * leaves is in no state, and removed with the next backup.
 */
export async function writeRun(target: BlobStore, entries: AsyncIterable<RunEntry>): Promise<RunInfo | null> {
  const iterator = entries[Symbol.asyncIterator]()
  const first = await iterator.next()
  if (first.done) return null
  const id = newRandomName()
  const blobIds = runBlobIds(id)
  const keys = new Half(target, blobIds.keys)
  const values = new Half(target, blobIds.values)
  const halves = [keys, values]
  let count = 0
  let last: Buffer | null = null
  try {
    for (let next: IteratorResult<RunEntry> = first; !next.done; next = await iterator.next()) {
      if (last && last.compare(next.value.key) >= 0)
        throw new Error('the records of a run must be in order of key')
      last = next.value.key
      count++
      await keys.add(encodeRunKey(next.value))
      if (next.value.value !== null) await values.add(next.value.value)
    }
    await Promise.all(halves.map((half) => half.end()))
  } catch (error) {
    await Promise.all(halves.map((half) => half.giveUp(error)))
    await iterator.return?.()
    throw error
  }
  return {
    id,
    entries: count,
    keyBytes: keys.bytes,
    keySha256: keys.sha256,
    valueBytes: values.bytes,
    valueSha256: values.sha256,
  }
}

/** One blob that is being written. */
class Half {
  bytes = 0
  readonly #stream = new PassThrough({ highWaterMark: 4 * PIECE_BYTES })
  readonly #putting: Promise<unknown>
  readonly #hash: Hash = createHash('sha256')
  #pieces: Buffer[] = []
  #pieceBytes = 0
  #failure: { readonly error: unknown } | null = null
  #sha256 = ''

  constructor(target: BlobStore, id: BlobId) {
    this.#putting = target.put(id, this.#stream).catch((error: unknown) => {
      this.#failure = { error }
      // Whoever waits for the stream to take more must not wait for ever.
      this.#stream.destroy()
    })
  }

  get sha256(): string {
    return this.#sha256
  }

  async add(bytes: Buffer): Promise<void> {
    this.#pieces.push(bytes)
    this.#pieceBytes += bytes.length
    if (this.#pieceBytes >= PIECE_BYTES) await this.#flush()
  }

  async end(): Promise<void> {
    await this.#flush()
    this.#stream.end()
    await this.#putting
    this.#throwFailure()
    this.#sha256 = this.#hash.digest('hex')
  }

  /** Ends it without a blob; never rejects. */
  async giveUp(error: unknown): Promise<void> {
    this.#stream.on('error', () => undefined)
    this.#stream.destroy(error instanceof Error ? error : new Error('the run was given up', { cause: error }))
    await this.#putting
  }

  async #flush(): Promise<void> {
    this.#throwFailure()
    const piece = Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#pieceBytes = 0
    if (piece.length === 0) return
    this.bytes += piece.length
    this.#hash.update(piece)
    if (!this.#stream.write(piece)) await Promise.race([once(this.#stream, 'drain'), this.#putting])
    this.#throwFailure()
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error
  }
}
