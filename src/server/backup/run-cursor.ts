import { createHash } from 'node:crypto'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import type { BlobId, BlobStore } from '../../storage/blob-store.ts'
import { VALUE_BYTES_ADDED_MAX, VALUE_BYTES_MAX } from '../../storage/metadata-store.ts'
import { runBlobIds } from './names.ts'
import { decodeRunKey, digestOf, type RunInfo, type RunKey } from './run-format.ts'

/** What a run holds is not what was written there. */
export class DamagedRun extends Error {
  override readonly name = 'DamagedRun'
  readonly runId: string

  constructor(runId: string, reason: string) {
    super(`run ${runId} is damaged: ${reason}`)
    this.runId = runId
  }
}

/**
 * Reads a run from its beginning, entry by entry, with the values or without. Everything is checked as it comes, and the sums of both halves at the end. Rejects
 * with {@link DamagedRun}, or with what the target throws.
 */
export class RunCursor {
  readonly #run: RunInfo
  readonly #keys: HalfReader
  readonly #values: HalfReader | null
  #current: RunKey | null = null
  #value: Buffer | null = null
  #seen = 0
  #valueBytes = 0

  constructor(target: BlobStore, run: RunInfo, { withValues }: { readonly withValues: boolean }) {
    this.#run = run
    const blobIds = runBlobIds(run.id)
    this.#keys = new HalfReader(target, blobIds.keys)
    this.#values = withValues ? new HalfReader(target, blobIds.values) : null
  }

  /** The entry that was reached; null at the end. */
  get current(): RunKey | null {
    return this.#current
  }

  /** Its value; null when it was removed, or values are not read. */
  get value(): Buffer | null {
    return this.#value
  }

  /** Where its value begins among the run's values. */
  get valueAt(): number {
    return this.#valueBytes - (this.#current?.valueBytes ?? 0)
  }

  /** Goes to the next entry; false at the end. */
  async next(): Promise<boolean> {
    const before = this.#current
    let decoded = decodeRunKey(this.#keys.buffered, this.#keys.at)
    while (!decoded && (await this.#keys.more())) decoded = decodeRunKey(this.#keys.buffered, this.#keys.at)
    if (!decoded) {
      this.#current = this.#value = null
      await this.#finish()
      return false
    }
    const { entry, end } = decoded
    if (before && before.key.compare(entry.key) >= 0) throw this.#damaged('its keys are out of order')
    // A value that no store holds is not waited for in memory.
    if (entry.valueBytes > VALUE_BYTES_MAX + VALUE_BYTES_ADDED_MAX) throw this.#damaged('a value is too long')
    this.#keys.at = end
    this.#seen++
    this.#valueBytes += entry.valueBytes
    this.#current = entry
    this.#value = this.#values && !entry.isRemoved ? await this.#takeValue(this.#values, entry) : null
    return true
  }

  /** Lets go of what it reads from. */
  close(): void {
    this.#keys.close()
    this.#values?.close()
  }

  async #takeValue(values: HalfReader, entry: RunKey): Promise<Buffer> {
    while (values.buffered.length - values.at < entry.valueBytes)
      if (!(await values.more())) throw this.#damaged('values are missing')
    const value = values.buffered.subarray(values.at, values.at + entry.valueBytes)
    values.at += entry.valueBytes
    if (!digestOf(value).equals(entry.digest)) throw this.#damaged('the digest of a value is wrong')
    return value
  }

  async #finish(): Promise<void> {
    const { entries, keySha256, valueBytes, valueSha256 } = this.#run
    if (this.#keys.at !== this.#keys.buffered.length) throw this.#damaged('it ends in an entry')
    if (this.#seen !== entries || this.#keys.sha256() !== keySha256)
      throw this.#damaged('its keys are not those that its state tells of')
    if (!this.#values) return
    const hasMore = this.#values.at < this.#values.buffered.length || (await this.#values.more())
    if (hasMore || this.#valueBytes !== valueBytes || this.#values.sha256() !== valueSha256)
      throw this.#damaged('its values are not those that its state tells of')
  }

  #damaged(reason: string): DamagedRun {
    return new DamagedRun(this.#run.id, reason)
  }
}

/** One half that is read piece by piece. What was taken of it may be kept. */
class HalfReader {
  buffered: Buffer = Buffer.alloc(0)
  /** Up to where `buffered` was taken. */
  at = 0
  readonly #target: BlobStore
  readonly #id: BlobId
  readonly #hash = createHash('sha256')
  #stream: (AsyncIterator<Uint8Array> & { readonly destroy: () => void }) | null = null
  #isClosed = false

  constructor(target: BlobStore, id: BlobId) {
    this.#target = target
    this.#id = id
  }

  /** Reads on; false at the end. */
  async more(): Promise<boolean> {
    this.#stream ??= await this.#open()
    const next = await this.#stream.next()
    if (next.done) return false
    const rest = this.buffered.subarray(this.at)
    this.#hash.update(next.value)
    // A copy: the piece's memory is used again.
    this.buffered = Buffer.concat([rest, next.value])
    this.at = 0
    bodyBuffers.giveBack(next.value)
    return true
  }

  /** Of all that was read; to be asked once. */
  sha256(): string {
    return this.#hash.digest('hex')
  }

  close(): void {
    this.#isClosed = true
    this.#stream?.destroy()
  }

  async #open() {
    const stream = await this.#target.get(this.#id)
    if (this.#isClosed) stream.destroy()
    const pieces: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]()
    return { next: () => pieces.next(), destroy: () => void stream.destroy() }
  }
}
