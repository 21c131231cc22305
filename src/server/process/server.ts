import cluster from 'node:cluster'
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Clock, MonotonicClock } from '../../base/clock.ts'
import { DAY_MS } from '../../base/milliseconds.ts'
import { UnreadableRecord } from '../../storage/metadata-store.ts'
import { MeasuredBlobStore } from '../../storage/wrap/measured-blob-store.ts'
import { MeasuredMetadataStore } from '../../storage/wrap/measured-metadata-store.ts'
import { auditFileOf } from '../audit/audit-file.ts'
import { AuditLog } from '../audit/audit-log.ts'
import { compactionJob } from '../compaction/compaction-job.ts'
import type { ListenAddress } from '../configuration/address.ts'
import type { SettingValues } from '../configuration/schema.ts'
import type { RetiredKey } from '../../service/retirement/retire-keys.ts'
import { createJobs } from '../jobs/index.ts'
import type { Job } from '../jobs/job.ts'
import { Scheduler } from '../jobs/scheduler.ts'
import type { Logger } from '../logging/logger.ts'
import { writeLastWords } from '../logging/standard-error.ts'
import { hurryCalls } from '../../storage/patient-calls.ts'
import { metricsNamesMax } from '../metrics/names-max.ts'
import { Metrics } from '../metrics/metrics.ts'
import { scrubJob, watchScrubJob } from '../scrub/scrub.ts'
import type { FinishedPass, ScrubCounts } from '../scrub/scrub-record.ts'
import { storeAddresses } from '../store/data-folder.ts'
import { openStore, type OpenStore } from '../store/open-store.ts'
import { publicUrlOf } from '../configuration/public-url.ts'
import { unstoredUse } from '../store/unstored-use.ts'
import { Bookkeeping } from './bookkeeping.ts'
import { ScheduledBackup } from '../backup/scheduled-backup.ts'
import { MirrorJob } from '../mirror/mirror-job.ts'
import { DamageLog } from './damage-log.ts'
import { DiskWatch } from './disk-watch.ts'
import { endAtOnce } from './end-at-once.ts'
import { Listening, type ListeningOptions } from './listening.ts'

/** What one process of the server is made of. */
export interface ServerOptions {
  readonly settings: SettingValues
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** What intervals of jobs are counted by. Default: the process's own. */
  readonly monotonicMs?: MonotonicClock
  readonly log: Logger
  /** Which background work this process does; workers that answer requests leave the store's to one that does not. */
  readonly jobScopes: readonly Job['scope'][]
  /** The metrics of all processes; this one's own when absent. */
  readonly metricsText?: NonNullable<ListeningOptions['metricsText']>
}

/** One process over the store: opened, then perhaps listening, then stopped. */
export class Server {
  readonly metrics: Metrics
  readonly store: OpenStore
  readonly #options: ServerOptions
  readonly #scheduler: Scheduler
  readonly #audit: AuditLog
  readonly #mirror: MirrorJob
  readonly #damageLog: DamageLog
  readonly #listening: Listening

  /** Opens the store and makes it when it is missing. Throws ConfigurationError when that is not possible. */
  static async open(options: ServerOptions): Promise<Server> {
    const metrics = new Metrics({
      droppedLogLines: () => options.log.droppedLines(),
      namesMax: metricsNamesMax(options.settings),
    })
    const late: { server?: Server } = {}
    const store = await openStore({
      ...options,
      createsWhenMissing: true,
      // A worker is replaced to be safe; alone it goes on as long as it can.
      onUnusable: (why, isCertain) => {
        if (isCertain || cluster.isWorker) endSoon(options.log, why)
      },
      onWarning: (message) => options.log.warn({}, message),
      onUnstoredUse: unstoredUse(options.log),
      onHealed: (kind, facts) => {
        metrics.countHealed(kind)
        options.log.warn(facts, `a damaged ${kind} was mended from the mirror`)
      },
      publicUrl: () => late.server?.url ?? publicUrlOf(options.settings, options.settings.listen),
      wrap: {
        metadata: (engine) =>
          new MeasuredMetadataStore(engine, (...call) => metrics.observeStoreCall('metadata', ...call)),
        blobs: (engine) =>
          new MeasuredBlobStore(engine, (...call) => metrics.observeStoreCall('blobs', ...call)),
      },
    })
    const { damage } = store.context
    const damageLog = new DamageLog(store.context.metadata, options.log)
    damage.onFound = (found) => {
      metrics.countDamage()
      damageLog.note(found)
    }
    // A job looks again; what cannot be read is told there, and of what is damaged nothing more is known than what reads find.
    await damage.refresh().catch((error: unknown) => {
      if (!(error instanceof UnreadableRecord)) throw error
    })
    return (late.server = new Server(options, store, metrics, damageLog))
  }

  private constructor(options: ServerOptions, store: OpenStore, metrics: Metrics, damageLog: DamageLog) {
    this.#options = options
    this.#damageLog = damageLog
    this.store = store
    this.metrics = metrics
    this.#audit = new AuditLog({
      file: auditFileOf(options.settings, store.folder),
      clock: options.clock,
      onFailure: (error) => options.log.error({ error }, 'the audit log cannot be written; its lines wait'),
      onGrowth: (error) =>
        options.log.error({ error }, 'the full file of the audit log cannot be put aside; it grows'),
      onLoss: (lines) =>
        options.log.error({ lines }, 'lines of the audit log are lost: they could not be written'),
      onLines: (count, outcome) => metrics.countAuditLogLines(count, outcome),
    })
    const bookkeeping = new Bookkeeping({
      context: store.context,
      settings: options.settings,
      log: options.log,
      metrics,
    })
    const disks = new DiskWatch({
      context: store.context,
      settings: options.settings,
      addresses: storeAddresses(options.settings, store.folder),
      metrics,
      log: options.log,
    })
    const processId = `${hostname()}/${process.pid}/${randomUUID()}`
    const parts = { context: store.context, settings: options.settings, log: options.log, metrics }
    const compaction = compactionJob({
      ...parts,
      processId,
      ...(options.monotonicMs && { monotonicMs: options.monotonicMs }),
    })
    const backups = new ScheduledBackup({ ...parts, processId })
    this.#mirror = new MirrorJob(parts)
    this.#listening = new Listening({
      ...options,
      ...{ store, metrics, bookkeeping, disks, backups },
      audit: this.#audit,
    })
    // A process that does the store's work reads all of it at once, and no worker besides.
    const copying = options.jobScopes.includes('store')
      ? [...backups.jobs, ...this.#mirror.jobs, compaction]
      : []
    const jobs = [
      ...copying,
      disks.job,
      ...createJobs(store.context, options.settings, bookkeeping.accessLogs, {
        onRetired: (key) => this.#noteRetired(key),
        onCounted: (counts) => metrics.setKeyRotations(counts),
        onForgotten: (count, keys) =>
          options.log.warn(
            { count, keys },
            'access keys were rotated long ago and the old ones still count: end the rotation, or see with "lugsail key who" who uses them',
          ),
      }),
      ...bookkeeping.jobs,
      ...this.#scrubJobs,
      this.#listening.certificateJob,
    ]
    this.#scheduler = new Scheduler({
      jobs: jobs.filter(({ scope }) => options.jobScopes.includes(scope)),
      clock: options.clock,
      ...(options.monotonicMs && { monotonicMs: options.monotonicMs }),
      metadata: store.context.metadata,
      log: options.log,
      processId,
      onRun: (...run) => metrics.observeJob(...run),
    })
  }

  /** Base URL under which clients reach the server. */
  get url(): string {
    return this.#listening.url
  }

  /** Answers requests from now on; resolves with the address that it really listens on. */
  async listen(): Promise<ListenAddress> {
    return await this.#listening.listen()
  }

  /** Reads the TLS files again; when they cannot be used, the old ones stay and the log says so. */
  reloadTls(): void {
    this.#listening.reloadTls()
  }

  #noteRetired({ became, ...key }: RetiredKey): void {
    const { accountId, accessKeyId, name, bucketName } = key
    this.#options.log.info({ ...key, became }, 'an access key that was rotated has retired')
    this.#audit.record({
      source: 'server',
      operation: 'RetireAccessKey',
      accountId,
      bucketName,
      details: { accessKeyId, ...(name !== undefined && { name }), became },
      outcome: 'succeeded',
    })
  }

  /** Begins the background work. */
  startJobs(): void {
    this.#scheduler.start()
  }

  /** Does the background work that is due by the clock; for who moves the clock itself. */
  async runDueJobs(): Promise<void> {
    await this.#scheduler.runDue()
  }

  get #scrubJobs(): readonly Job[] {
    const { settings, log } = this.#options
    const options = {
      periodMs: settings.scrubPeriodDays * DAY_MS,
      sharePercent: settings.scrubDiskPercent,
      onRead: (counts: ScrubCounts) => this.metrics.countScrubbed(counts),
      onLast: (last: FinishedPass) => this.metrics.setLastScrub(last),
      onPass: ({ records, blobs, bytes, damaged }: ScrubCounts, isOver: boolean) => {
        if (!isOver) log.info({}, 'a scrub of the whole store begins')
        else if (damaged === 0) log.info({ records, blobs, bytes }, 'a scrub read the whole store')
        else log.error({ records, blobs, bytes, damaged }, 'a scrub read the whole store and found damage')
      },
    }
    return [scrubJob(this.store.context, options), watchScrubJob(this.store.context, options)]
  }

  /** Takes no more requests, lets those in flight finish within the drain timeout, does what waits in memory, closes the store. */
  async stop(): Promise<void> {
    hurryCalls(STOP_PATIENCE_MS)
    await this.#listening.stop()
    await this.#audit.close()
    await this.#listening.close()
    await this.#scheduler.stop()
    await this.#mirror.close()
    await this.#damageLog.close()
    await this.store.close()
  }
}

/** A stop waits no longer for the file system of a mirror, or of backups, that does not answer. */
const STOP_PATIENCE_MS = 10_000

/** Answers that are ready still go out. */
const LAST_RESPONSES_MS = 100

/** The watching process, or what watches over that one, starts another. */
function endSoon(log: Logger, why: string): void {
  log.error({ why }, 'this process cannot be trusted any more; it ends, for another to take its place')
  setTimeout(() => {
    writeLastWords(log.takeRest())
    endAtOnce('SIGKILL')
  }, LAST_RESPONSES_MS)
}
