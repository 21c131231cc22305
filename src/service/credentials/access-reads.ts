import type { Entry, Key, MetadataStore } from '../../storage/metadata-store.ts'
import type { Session } from '../sessions/session.ts'

/** What is asked for in a request's first read: the rows of a key, or of what a session came from, and of a bucket. */
interface AskedRows {
  /** Null: no key. */
  readonly accessKeyId: string | null
  /** Of the opened token; null: there is none. */
  readonly session: Session | null
  /** Null: no bucket. */
  readonly bucketName: string | null
  /** Called where they have to be read. */
  readonly keys: () => readonly Key[]
}

interface ReadRows<L> {
  readonly session: Session | null
  /** The entries of the keys, in their order. */
  readonly entries: readonly (Entry | null)[]
  /** What whoever asked makes of them, kept for the next one who asks; undefined: nothing yet. */
  meaning?: L
}

/** Reads kept at most, and bytes of their entries, a bucket's with its policy among them; those of one state alone are kept. */
const READS_MAX = 5_000
const BYTES_MAX = 8 * 1024 * 1024

/**
 * The first read of each request, made once for each state of the store: where the engine can tell that nobody has committed anything since
 * ({@link MetadataStore.stateMark}), the rows are what they were. Nothing else is assumed of them, so that a key that was deleted stops with the next request all the same.
 */
export class AccessReads<L> {
  #mark: object | null = null
  /** By key and bucket. */
  readonly #reads = new Map<string, Map<string, ReadRows<L>>>()
  #count = 0
  #bytes = 0

  /** Throws as the store. */
  async read(
    metadata: Pick<MetadataStore, 'getMany' | 'stateMark'>,
    { accessKeyId, session, bucketName, keys }: AskedRows,
  ): Promise<ReadRows<L>> {
    const mark = metadata.stateMark?.() ?? null
    if (mark === null) return { session, entries: await metadata.getMany(keys()) }
    if (mark !== this.#mark) {
      this.#begin(mark)
      // Where something is committed between any two requests, nothing is gained by looking at the state again.
      return { session, entries: await metadata.getMany(keys()) }
    }
    const [ofKey, ofBucket] = [accessKeyId ?? '', bucketName ?? '']
    const known = this.#reads.get(ofKey)?.get(ofBucket)
    if (known && known.session === session) return known
    const read: ReadRows<L> = { session, entries: await metadata.getMany(keys()) }
    // They are of the state of the mark where that still is the state now.
    if (mark === this.#mark && metadata.stateMark?.() === mark) this.#keep(ofKey, ofBucket, read)
    return read
  }

  #begin(mark: object): void {
    this.#mark = mark
    this.#forget()
  }

  #forget(): void {
    this.#reads.clear()
    this.#count = 0
    this.#bytes = 0
  }

  #keep(ofKey: string, ofBucket: string, read: ReadRows<L>): void {
    const bytes = read.entries.reduce((sum, entry) => sum + (entry?.value.byteLength ?? 0), 0)
    if (this.#count >= READS_MAX || this.#bytes + bytes > BYTES_MAX) this.#forget()
    this.#bytes += bytes
    let ofThisKey = this.#reads.get(ofKey)
    if (!ofThisKey) this.#reads.set(ofKey, (ofThisKey = new Map<string, ReadRows<L>>()))
    if (!ofThisKey.has(ofBucket)) this.#count++
    ofThisKey.set(ofBucket, read)
  }
}
