import {
  DamagedRecord,
  type DelimitedScanRange,
  type Key,
  type MetadataStore,
  type ScanRange,
  type Version,
} from '../../storage/metadata-store.ts'
import { MetadataStoreWrapper } from '../../storage/wrap/metadata-store-wrapper.ts'

interface HealingOptions {
  /** The record as the mirror has it; null: it has none, or there is no mirror. */
  readonly findInMirror: (
    key: Buffer,
  ) => Promise<{ readonly version: Version; readonly value: Buffer | null } | null>
  readonly onHealed: (damage: DamagedRecord) => void
}

/** Records that one read mends at most, so that it ends. */
const HEALED_PER_READ_MAX = 1_000
/** What the mirror does not have is looked for again after so long: it means reading the keys of the mirror up to there. */
const LOOK_AGAIN_MS = 30_000
const INCURABLE_MAX = 10_000

/**
 * Reads a damaged record from the mirror and writes it back, where that has the very state which is damaged: a version names one state of a record, so that one with another
 * version is older or newer, and is not taken.
 */
export class HealingMetadataStore extends MetadataStoreWrapper {
  readonly #options: HealingOptions
  /** What is being mended, so that many readers ask the mirror once. */
  readonly #healing = new Map<string, Promise<boolean>>()
  /** What the mirror did not have, and when it is asked again. */
  readonly #incurable = new Map<string, number>()

  /** `store` checks what it gives. */
  constructor(store: MetadataStore, options: HealingOptions) {
    super(store)
    this.#options = options
  }

  override getMany(keys: readonly Key[]) {
    return this.#read(() => this.store.getMany(keys))
  }

  override scan(range: ScanRange) {
    return this.#read(() => this.store.scan(range))
  }

  override scanDelimited(range: DelimitedScanRange) {
    return this.#read(() => this.store.scanDelimited(range))
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
    const name = `${damage.version} ${damage.key.toString('latin1')}`
    const healing = this.#healing.get(name)
    if (healing) return await healing
    if (performance.now() < (this.#incurable.get(name) ?? -Infinity)) return false
    const attempt = this.#attempt(damage)
    this.#healing.set(name, attempt)
    try {
      const isHealed = await attempt
      if (this.#incurable.size >= INCURABLE_MAX) this.#incurable.clear()
      if (isHealed) this.#incurable.delete(name)
      else this.#incurable.set(name, performance.now() + LOOK_AGAIN_MS)
      return isHealed
    } finally {
      this.#healing.delete(name)
    }
  }

  async #attempt(damage: DamagedRecord): Promise<boolean> {
    try {
      const found = await this.#options.findInMirror(damage.key)
      if (!found || found.value === null || found.version !== damage.version) return false
      const { key, version } = damage
      const outcome = await this.store.commit({
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
