import type { Clock } from '../../base/clock.ts'
import { DamagedBlob } from '../../storage/blob-store.ts'
import { StoreUnavailable, type DamagedRecord, type MetadataStore } from '../../storage/metadata-store.ts'
import { damageKey, damagesRange, parseObjectRowKey } from '../keyspace.ts'
import { damageCodec, type DamageRecord } from '../records/damage.ts'

/** Of those that were told of in this process, so that each is told of once. */
const TOLD_MAX = 10_000

/** A version, as damage names it. */
export interface DamagedVersion {
  readonly bucketId: string
  readonly key: string
  readonly order: string
  readonly versionId: string
}

/**
 * What was found damaged. It is written down, so that every process knows, and told of once. A store without damage costs nothing: a look every few seconds
 * says whether there is any.
 */
export class DamageLedger {
  /** Hears of each damage once in this process. */
  onFound: (damage: DamageRecord) => void = () => undefined
  readonly #metadata: MetadataStore
  readonly #clock: Clock
  readonly #told = new Set<string>()
  /** What is being written down. */
  readonly #unwritten = new Map<string, DamageRecord>()
  #hasAny = false

  constructor({ metadata, clock }: { readonly metadata: MetadataStore; readonly clock: Clock }) {
    this.#metadata = metadata
    this.#clock = clock
  }

  /** To be called every few seconds: whether anything is known to be damaged. */
  async refresh(): Promise<void> {
    this.#hasAny = (await this.#metadata.scan({ ...damagesRange(), limit: 1, keysOnly: true })).length > 0
  }

  /** What is known to be damaged of a version, or null. */
  async find({ bucketId, key, order }: Omit<DamagedVersion, 'versionId'>): Promise<DamageRecord | null> {
    if (!this.#hasAny) return null
    const row = damageKey(bucketId, key, order)
    const unwritten = this.#unwritten.get(row.toString('latin1'))
    if (unwritten) return unwritten
    const [entry = null] = await this.#metadata.getMany([row])
    return entry && damageCodec.decode(entry.value)
  }

  /** Bytes of a version could not be read for what {@link isDamage} is. */
  noteBytes(version: DamagedVersion, error: Error): Promise<void> {
    const { bucketId, key, order, versionId } = version
    return this.#note({
      bucketId,
      key,
      order,
      versionId,
      ...(error instanceof DamagedBlob && { blobId: error.id, offset: error.offset, place: error.place }),
      reason: error.message,
      foundAt: this.#clock.now(),
    })
  }

  /** A record is damaged: if it is that of a version, it is written down; others are told of alone. */
  noteRecord(error: DamagedRecord): Promise<void> {
    // What cannot be read may be several, between keys of which none is that of a version.
    const version = error.version === '' ? null : parseObjectRowKey(error.key)
    const [reason, foundAt] = [error.message, this.#clock.now()]
    if (version) return this.#note({ ...version, reason, foundAt })
    this.#tell(error.key.toString('latin1'), { bucketId: '', key: '', reason, foundAt })
    return Promise.resolve()
  }

  /** Bytes of something could not be read that is no version, `what` in words: it is told of alone. */
  noteOther(what: string, error: Error): void {
    const name = error instanceof DamagedBlob ? error.id : what
    this.#tell(name, {
      bucketId: '',
      key: '',
      ...(error instanceof DamagedBlob && { blobId: error.id, offset: error.offset, place: error.place }),
      reason: `${what}: ${error.message}`,
      foundAt: this.#clock.now(),
    })
  }

  /** The version was read whole: nothing is damaged of it any more. */
  async strikeOff(version: Omit<DamagedVersion, 'versionId'>): Promise<void> {
    if (!(await this.find(version))) return
    const row = damageKey(version.bucketId, version.key, version.order)
    await this.#metadata.commit({ deletes: [row] })
    this.#told.delete(row.toString('latin1'))
  }

  async #note(damage: DamageRecord): Promise<void> {
    const key = damageKey(damage.bucketId, damage.key, damage.order ?? '')
    const name = key.toString('latin1')
    if (!this.#tell(name, damage)) return
    this.#hasAny = true
    this.#unwritten.set(name, damage)
    try {
      await this.#metadata.commit({ sets: [{ key, value: damageCodec.encode(damage) }] })
    } catch (error) {
      // A store that takes no writes is read all the same; who meets the damage next tries again.
      this.#told.delete(name)
      if (!(error instanceof StoreUnavailable)) throw error
    } finally {
      this.#unwritten.delete(name)
    }
  }

  /** Whether it is news. */
  #tell(name: string, damage: DamageRecord): boolean {
    if (this.#told.has(name)) return false
    if (this.#told.size >= TOLD_MAX) this.#told.clear()
    this.#told.add(name)
    this.onFound(damage)
    return true
  }
}
