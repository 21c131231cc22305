import {
  DamagedRecord,
  type Change,
  type CommitOutcome,
  type DelimitedScanRange,
  type Key,
  type MetadataStore,
  type ScanRange,
  type Version,
} from '../../storage/metadata-store.ts'

interface HealingOptions {
  /** The record as the mirror has it; null: it has none, or there is no mirror. */
  readonly findInMirror: (
    key: Buffer,
  ) => Promise<{ readonly version: Version; readonly value: Buffer | null } | null>
  readonly onHealed: (damage: DamagedRecord) => void
}

/** Records that one read mends at most, so that it ends. */
const HEALED_PER_READ_MAX = 1_000

/**
 * Reads a damaged record from the mirror and writes it back, where that has the very state which is damaged: a version names one state of a record, so that one with another
 * version is older or newer, and is not taken.
 */
export class HealingMetadataStore implements MetadataStore {
  readonly #store: MetadataStore
  readonly #options: HealingOptions

  /** `store` checks what it gives. */
  constructor(store: MetadataStore, options: HealingOptions) {
    this.#store = store
    this.#options = options
  }

  getMany(keys: readonly Key[]) {
    return this.#read(() => this.#store.getMany(keys))
  }

  scan(range: ScanRange) {
    return this.#read(() => this.#store.scan(range))
  }

  scanDelimited(range: DelimitedScanRange) {
    return this.#read(() => this.#store.scanDelimited(range))
  }

  snapshot() {
    return this.#store.snapshot()
  }

  commit(change: Change): Promise<CommitOutcome> {
    return this.#store.commit(change)
  }

  refusal() {
    return this.#store.refusal?.() ?? null
  }

  close(): Promise<void> {
    return this.#store.close()
  }

  async #read<T>(read: () => Promise<T>): Promise<T> {
    for (let healed = 0; ; healed++) {
      try {
        return await read()
      } catch (error) {
        if (!(error instanceof DamagedRecord) || healed >= HEALED_PER_READ_MAX) throw error
        if (!(await this.#heal(error))) throw error
      }
    }
  }

  /** Whether reading again may succeed. Never rejects. */
  async #heal(damage: DamagedRecord): Promise<boolean> {
    try {
      const found = await this.#options.findInMirror(damage.key)
      if (!found || found.value === null || found.version !== damage.version) return false
      const { key, version } = damage
      const outcome = await this.#store.commit({
        checks: [{ key, version }],
        sets: [{ key, value: found.value }],
        usesReserve: true,
      })
      // Somebody else may have written it meanwhile.
      if (outcome === 'ok') this.#options.onHealed(damage)
      return true
    } catch {
      return false
    }
  }
}
