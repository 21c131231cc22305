import { BucketChange } from '../../service/commit/bucket-change.ts'
import { storeChange } from '../../service/commit/store-change.ts'
import type { ServiceContext } from '../../service/context.ts'
import { decodeObject, encodeObject, isEarlierForm } from '../../service/records/object-codec.ts'
import type { Entry } from '../../storage/metadata-store.ts'

const ENTRIES_PER_COMMIT = 100
const BYTES_PER_COMMIT = 4 * 1024 * 1024

/**
 * Writes records of versions of one bucket again, in the form of this release, where an earlier one wrote them; many in one commit, with the bucket's counters, which sum
 * them up. A record that was changed meanwhile has that form already.
 */
export class FormBatch {
  reformed = 0
  readonly #context: ServiceContext
  readonly #bucketId: string
  #entries: Entry[] = []
  #bytes = 0

  constructor(context: ServiceContext, bucketId: string) {
    this.#context = context
    this.#bucketId = bucketId
  }

  /** An entry of a version; one that has the form is passed over. */
  async add(entry: Entry): Promise<void> {
    if (!isEarlierForm(entry.value)) return
    this.#entries.push(entry)
    this.#bytes += entry.value.length
    if (this.#entries.length >= ENTRIES_PER_COMMIT || this.#bytes >= BYTES_PER_COMMIT) await this.flush()
  }

  /** Writes what was added. */
  async flush(): Promise<void> {
    const entries = this.#entries
    this.#entries = []
    this.#bytes = 0
    await this.#commit(entries)
  }

  async #commit(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return
    const change = new BucketChange(this.#bucketId)
    for (const { key, version, value: earlier } of entries) {
      const { record, tail } = decodeObject(earlier)
      const value = encodeObject(record, tail)
      change.checks.push({ key, version })
      change.sets.push({ key, value })
      change.countStored(value)
      change.countRemoved(earlier)
    }
    const outcome = await storeChange(this.#context, change)
    if (outcome === 'ok') this.reformed += entries.length
    else if (entries.length > 1) for (const entry of entries) await this.#commit([entry])
  }
}
