import { statfs } from 'node:fs/promises'
import type { ServiceContext } from '../../service/context.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { printableKey, type UnreadableKeys } from '../../storage/metadata-store.ts'
import { storeFolders } from '../engines.ts'
import type { Job } from '../jobs/job.ts'
import type { Logger } from '../logging/logger.ts'
import type { Metrics } from '../metrics/metrics.ts'

const INTERVAL_MS = 5_000
/** A disk is low when less than one part in so many is free, and less than the setting says. */
const LOW_SHARE = 20

interface DiskWatchOptions {
  readonly context: ServiceContext
  readonly settings: Pick<SettingValues, 'diskLowBytes'>
  /** Where both stores are. */
  readonly addresses: { readonly metadata: string; readonly blobs: string }
  readonly metrics: Metrics
  readonly log: Logger
}

type StoreName = 'metadata' | 'blobs'

/** How much room the disks of the embedded engines have, and whether the stores take writes: for the log, for metrics and for `/-/ready`. */
export class DiskWatch {
  readonly #options: DiskWatchOptions
  readonly #lowBytes = new Map<StoreName, number>()
  readonly #refusals = new Map<StoreName, string>()
  /** Records of which the log said that they cannot be read. */
  readonly #told = new Set<string>()

  constructor(options: DiskWatchOptions) {
    this.#options = options
  }

  get job(): Job {
    return { name: 'watch-disks', intervalMs: INTERVAL_MS, scope: 'process', run: () => this.look() }
  }

  /** Why new content would be refused, in words; null when it is taken. */
  get trouble(): string | null {
    const { metadata, blobs } = this.#options.context
    return (metadata.refusal?.() ?? blobs.refusal?.())?.message ?? null
  }

  /** What to say of a disk that does not give all of the metadata, or of disks that are low; null when all is well. */
  get warning(): string | null {
    const hidden = this.#options.context.metadata.unreadable?.() ?? []
    // Which one is for the log alone: names of objects are nobody else's affair.
    if (hidden.length > 0) return 'the disk cannot read a part of the metadata'
    const [low] = this.#lowBytes
    return low === undefined ? null : `the disk of the ${low[0]} is low: ${low[1]} bytes are free`
  }

  /** Looks at both disks. */
  async look(): Promise<void> {
    await Promise.all((['metadata', 'blobs'] as const).map((store) => this.#lookAt(store)))
    if (this.#lowBytes.size > 0) this.#options.context.blobLedger.hurry()
  }

  async #lookAt(store: StoreName): Promise<void> {
    const { addresses, metrics } = this.#options
    this.#noteRefusal(store)
    if (store === 'metadata') this.#noteUnreadable()
    const [folder] = storeFolders(addresses[store])
    if (folder === undefined) return
    const { bavail, blocks, bsize, ffree, files } = await statfs(folder)
    const freeBytes = bavail * bsize
    // Some file systems make inodes as they need them, and tell of none.
    const inodesAreLow = files > 0 && ffree < files / LOW_SHARE / LOW_SHARE
    const isLow =
      inodesAreLow || freeBytes < Math.min(this.#options.settings.diskLowBytes, (blocks * bsize) / LOW_SHARE)
    metrics.setDisk(store, { freeBytes, isLow })
    this.#noteLow(store, isLow, { folder, freeBytes, freeInodes: ffree })
  }

  #noteLow(
    store: StoreName,
    isLow: boolean,
    facts: { folder: string; freeBytes: number; freeInodes: number },
  ): void {
    const wasLow = this.#lowBytes.has(store)
    if (isLow) this.#lowBytes.set(store, facts.freeBytes)
    else this.#lowBytes.delete(store)
    if (isLow && !wasLow) this.#options.log.warn({ store, ...facts }, 'a disk is low')
    if (!isLow && wasLow) this.#options.log.info({ store, ...facts }, 'a disk is no longer low')
  }

  #noteUnreadable(): void {
    const { context, log } = this.#options
    for (const keys of context.metadata.unreadable?.() ?? []) {
      const records = wordsOf(keys)
      if (this.#told.has(records)) continue
      this.#told.add(records)
      log.error(
        { records },
        'the disk cannot read a part of the metadata; requests for what lies there are answered 503: back up with "lugsail store backup", and restore on another disk',
      )
    }
  }

  #noteRefusal(store: StoreName): void {
    const { context, log, metrics } = this.#options
    const refusal = context[store].refusal?.() ?? null
    metrics.setTakesWrites(store, refusal === null)
    const why = refusal?.message
    if (why !== undefined && this.#refusals.get(store) === undefined)
      log.error({ store, error: refusal }, 'the store takes nothing new')
    if (why === undefined && this.#refusals.has(store)) log.info({ store }, 'the store takes writes again')
    if (why === undefined) this.#refusals.delete(store)
    else this.#refusals.set(store, why)
  }
}

const wordsOf = ({ from, to }: UnreadableKeys): string =>
  `${from ? `from ${printableKey(from)}` : 'from the first one'} ${to ? `to before ${printableKey(to)}` : 'to the last one'}`
