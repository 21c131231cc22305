import type { MetadataStore } from '../../storage/metadata-store.ts'
import { bucketsRange } from '../../service/keyspace.ts'
import { bucketCodec } from '../../service/records/bucket.ts'
import type { DamageRecord } from '../../service/records/damage.ts'
import type { Logger } from '../logging/logger.ts'
import { entriesPastDamage } from '../store/store-content.ts'

/** Tells the log of what was found damaged, in the words of all its lines: buckets by their names, which the store is asked for. */
export class DamageLog {
  readonly #metadata: Pick<MetadataStore, 'scan'>
  readonly #log: Pick<Logger, 'error'>
  #names = new Map<string, string>()
  #told: Promise<void> = Promise.resolve()

  constructor(metadata: Pick<MetadataStore, 'scan'>, log: Pick<Logger, 'error'>) {
    this.#metadata = metadata
    this.#log = log
  }

  /** Writes the line as soon as the name is known. */
  note(damage: DamageRecord): void {
    this.#told = this.#told.then(() => this.#tell(damage))
  }

  /** Resolves when all lines are written. */
  close(): Promise<void> {
    return this.#told
  }

  async #tell({ bucketId, key, foundAt: _, order: __, ...facts }: DamageRecord): Promise<void> {
    const bucketName = bucketId === '' ? undefined : await this.#nameOf(bucketId)
    const bucket = bucketName === undefined ? { bucketId } : { bucketName }
    const where = bucketId === '' ? {} : { ...bucket, objectKey: key }
    this.#log.error({ ...where, ...facts }, 'what is stored is damaged')
  }

  /** Undefined where the bucket is gone, or its record damaged. */
  async #nameOf(bucketId: string): Promise<string | undefined> {
    if (!this.#names.has(bucketId)) {
      const names = new Map<string, string>()
      try {
        for await (const { value } of entriesPastDamage(this.#metadata, bucketsRange(), () => undefined)) {
          const bucket = bucketCodec.decode(value)
          names.set(bucket.bucketId, bucket.name)
        }
        this.#names = names
      } catch {
        // A store that does not answer now has other lines in the log.
      }
    }
    return this.#names.get(bucketId)
  }
}
