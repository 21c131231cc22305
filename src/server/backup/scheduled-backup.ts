import type { ServiceContext } from '../../service/context.ts'
import { storeKey } from '../../service/keyspace.ts'
import { recordCodec } from '../../service/records/codec.ts'
import type { MetadataStore } from '../../storage/metadata-store.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { monotonicMs } from '../../base/clock.ts'
import { JobTurns } from '../jobs/job-turn.ts'
import type { Job } from '../jobs/job.ts'
import type { Logger } from '../logging/logger.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { readStoreIdentity } from '../store/store-identity.ts'
import { takeBackup } from './take-backup.ts'
import { openTarget } from './target.ts'

/** How the backups of the schedule went; in the store, so that a restart changes nothing about when the next one is due. */
interface BackupStatus {
  /** Epoch milliseconds: when the schedule began. */
  readonly since: number
  readonly lastSuccessAt?: number
  readonly lastFailureAt?: number
  readonly lastFailure?: string
}

const STATUS_KEY = storeKey('backup')
const statusCodec = recordCodec<BackupStatus>('backup status', 1)
/** How often it is looked whether one is due. */
const LOOK_INTERVAL_MS = 60_000
/** One that failed is tried again after so long, or after the interval when that is shorter. */
const RETRY_MS = 15 * 60_000
/** A backup is late when there was none for so many intervals. */
const LATE_INTERVALS = 2

interface ScheduleOptions {
  readonly context: ServiceContext
  readonly settings: Pick<SettingValues, 'backup' | 'backupIntervalSeconds' | 'backupKeep'>
  readonly log: Pick<Logger, 'info' | 'error'>
  readonly metrics: Pick<Metrics, 'setBackup'>
  /** Names this process to others that share the store. */
  readonly processId: string
}

/** Takes backups by the clock: one process of those that share the store, beside the requests. */
export class ScheduledBackup {
  readonly #options: ScheduleOptions
  readonly #turns: JobTurns

  constructor(options: ScheduleOptions) {
    this.#options = options
    const { metadata, clock } = options.context
    this.#turns = new JobTurns({ metadata, clock, monotonicMs, processId: options.processId })
  }

  /** For the process that does the store's work; none without a target. */
  get jobs(): readonly Job[] {
    if (this.#options.settings.backup === null) return []
    const intervalMs = Math.min(LOOK_INTERVAL_MS, this.#intervalMs)
    return [{ name: 'backup', intervalMs, scope: 'process', run: (signal) => this.#run(signal) }]
  }

  /** What to say when there has been no backup for too long; null when all is well. */
  async warning(): Promise<string | null> {
    const { context, settings } = this.#options
    if (settings.backup === null) return null
    const status = await readStatus(context.metadata)
    const last = status?.lastSuccessAt ?? status?.since
    if (last === undefined || context.clock.now() - last <= LATE_INTERVALS * this.#intervalMs) return null
    return status?.lastSuccessAt === undefined
      ? 'no backup has succeeded yet'
      : `the last backup that succeeded is of ${new Date(last).toISOString()}`
  }

  get #intervalMs(): number {
    return this.#options.settings.backupIntervalSeconds * 1_000
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { context, metrics } = this.#options
    const { metadata, clock } = context
    const nowMs = clock.now()
    const status = await readStatus(metadata)
    if (!status) {
      await this.#note({ since: nowMs })
      return await this.#run(signal)
    }
    metrics.setBackup(status)
    const retryMs = Math.min(RETRY_MS, this.#intervalMs)
    const { lastSuccessAt, lastFailureAt } = status
    const isDue = lastSuccessAt === undefined || Math.abs(nowMs - lastSuccessAt) >= this.#intervalMs
    if (!isDue || (lastFailureAt !== undefined && Math.abs(nowMs - lastFailureAt) < retryMs)) return
    if (await this.#turns.take('backup', retryMs)) await this.#take(status, signal)
  }

  async #take(status: BackupStatus, signal: AbortSignal): Promise<void> {
    const { context, settings, log } = this.#options
    const startedAt = context.clock.now()
    try {
      const target = await openTarget('backup', settings.backup ?? '', { isMade: true })
      try {
        const identity = await readStoreIdentity(context.metadata)
        const { state, unreadable, removed } = await takeBackup({
          storeId: identity?.storeId ?? '',
          source: context,
          target,
          clock: context.clock,
          retention: settings.backupKeep,
          signal,
        })
        const facts = {
          state: state.id,
          ...state.added,
          records: state.records,
          removedStates: removed.states,
        }
        if (state.damageCount + unreadable.length === 0) log.info(facts, 'took a backup')
        else
          log.error(
            {
              ...facts,
              damaged: state.damageCount,
              unreadable: unreadable.length,
              first: state.damage[0]?.reason,
            },
            'took a backup, but something is damaged',
          )
        await this.#note({ since: status.since, lastSuccessAt: startedAt })
      } finally {
        await target.store.close()
      }
    } catch (error) {
      if (signal.aborted) throw error
      const lastFailure = error instanceof Error ? error.message : String(error)
      await this.#note({ ...status, lastFailureAt: context.clock.now(), lastFailure })
      throw error
    }
  }

  async #note(status: BackupStatus): Promise<void> {
    const { context, metrics } = this.#options
    metrics.setBackup(status)
    await context.metadata.commit({
      sets: [{ key: STATUS_KEY, value: statusCodec.encode(status) }],
      usesReserve: true,
    })
  }
}

async function readStatus(metadata: Pick<MetadataStore, 'getMany'>): Promise<BackupStatus | null> {
  const [entry = null] = await metadata.getMany([STATUS_KEY])
  return entry && statusCodec.decode(entry.value)
}
