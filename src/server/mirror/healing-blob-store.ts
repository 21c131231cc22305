import {
  BlobNotFound,
  DamagedBlob,
  type BlobId,
  type BlobStore,
  type BlobStream,
  type ByteRange,
} from '../../storage/blob-store.ts'
import { BlobStoreWrapper } from '../../storage/wrap/blob-store-wrapper.ts'
import { HealingReader } from './healing-reader.ts'

interface HealingOptions {
  /** Whether what was damaged may be whole when it is asked for once more: a cluster has copies. */
  readonly asksAgain: boolean
  /** Opens a blob in the mirror; null: there is no mirror, or it does not have the blob. */
  readonly openInMirror: (id: BlobId, range?: ByteRange) => Promise<BlobStream | null>
  /** Whether a blob still belongs to something: what does not is not brought back. */
  readonly isReferred: (id: BlobId) => Promise<boolean>
  readonly onHealed: (healed: HealedBlob) => void
}

/** What was done about a damaged blob. */
export interface HealedBlob {
  readonly id: BlobId
  readonly place: string
  readonly reason: string
  readonly by: 'asking again' | 'the mirror'
}

const MENDING_MAX = 4

/** Serves a damaged or lost blob from its second copy, checked there, and puts it back in its place. Ids are never used twice, so a copy is of the same bytes. */
export class HealingBlobStore extends BlobStoreWrapper {
  readonly #options: HealingOptions
  readonly #mending = new Set<BlobId>()

  /** `store` checks what it gives. */
  constructor(store: BlobStore, options: HealingOptions) {
    super(store)
    this.#options = options
  }

  override async get(id: BlobId, range?: ByteRange): Promise<BlobStream> {
    let first: BlobStream
    try {
      first = await this.store.get(id, range)
    } catch (error) {
      // A file that lost bytes has no such range any more.
      const isDamage =
        error instanceof DamagedBlob || error instanceof BlobNotFound || error instanceof RangeError
      const whole = isDamage ? await this.#openElsewhere(id, range, error) : null
      if (!whole) throw error
      return whole
    }
    return new HealingReader(first, range, (rest, damage) => this.#openElsewhere(id, rest, damage))
  }

  async #openElsewhere(id: BlobId, range: ByteRange | undefined, damage: Error): Promise<BlobStream | null> {
    const healed = { id, place: this.placeOf(id), reason: damage.message }
    if (this.#options.asksAgain && damage instanceof DamagedBlob) {
      const again = await this.#openAgain(id, range)
      if (again) return new HealingReader(again, range, (rest) => this.#openInMirror(id, rest, healed))
    }
    return await this.#openInMirror(id, range, healed)
  }

  async #openAgain(id: BlobId, range: ByteRange | undefined): Promise<BlobStream | null> {
    return await this.store.get(id, range).catch(() => null)
  }

  async #openInMirror(
    id: BlobId,
    range: ByteRange | undefined,
    healed: Omit<HealedBlob, 'by'>,
  ): Promise<BlobStream | null> {
    const copy = await this.#options.openInMirror(id, range).catch(() => null)
    if (copy) void this.#mend(id, healed)
    return copy
  }

  /** Never rejects. */
  async #mend(id: BlobId, healed: Omit<HealedBlob, 'by'>): Promise<void> {
    if (this.#mending.has(id) || this.#mending.size >= MENDING_MAX) return
    this.#mending.add(id)
    try {
      if (!(await this.#options.isReferred(id))) return
      const copy = await this.#options.openInMirror(id)
      if (!copy) return
      await this.store.put(id, copy, { sizeBytes: copy.blobBytes })
      this.#options.onHealed({ ...healed, by: 'the mirror' })
    } catch {
      // Whoever reads it next tries again.
    } finally {
      this.#mending.delete(id)
    }
  }
}
