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
import { auditLogReader } from '../audit/read-audit-log.ts'
import type { AuditLogReader } from '../../control/server-facts.ts'
import { auditedChange } from '../audit/audited-change.ts'
import { compactionJob } from '../compaction/compaction-job.ts'
import type { ListenAddress } from '../configuration/address.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { ConsoleFiles } from '../console/console-files.ts'
import { reportCertificate } from '../http/certificate-watch.ts'
import { Frontend } from '../http/frontend.ts'
import { Listener } from '../http/listener.ts'
import { listenerLimits, tlsFilesOf } from '../http/listener-settings.ts'
import type { RetiredKey } from '../../service/retirement/retire-keys.ts'
import { createJobs } from '../jobs/index.ts'
import type { Job } from '../jobs/job.ts'
import { Scheduler } from '../jobs/scheduler.ts'
import type { Logger } from '../logging/logger.ts'
import { writeLastWords } from '../logging/standard-error.ts'
import { hurryCalls } from '../../storage/patient-calls.ts'
import { metricsNamesMax } from '../metrics/names-max.ts'
import { Metrics, metricsText } from '../metrics/metrics.ts'
import { scrubJob, watchScrubJob } from '../scrub/scrub.ts'
import type { FinishedPass, ScrubCounts } from '../scrub/scrub-record.ts'
import { storeAddresses } from '../store/data-folder.ts'
import { openStore, type OpenStore } from '../store/open-store.ts'
import { publicUrlOf } from '../configuration/public-url.ts'
import { readStoreIdentity } from '../store/store-identity.ts'
import { unstoredUse } from '../store/unstored-use.ts'
import { Bookkeeping } from './bookkeeping.ts'
import { ScheduledBackup } from '../backup/scheduled-backup.ts'
import { MirrorJob } from '../mirror/mirror-job.ts'
import { ConnectionLog } from './connection-log.ts'
import { openRequestSpans, type RequestSpans } from '../tracing/request-spans.ts'
import { DamageLog } from './damage-log.ts'
import { DiskWatch } from './disk-watch.ts'
import { endAtOnce } from './end-at-once.ts'
import { connectionsForDescriptors } from './descriptor-limit.ts'
import { createApis } from './apis.ts'

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
  readonly metricsText?: typeof ownMetricsText
}

/** How often the log tells of a certificate that needs to be renewed. */
const CERTIFICATE_INTERVAL_MS = 12 * 60 * 60 * 1_000

type MetricsPage = { readonly contentType: string; readonly text: string }

/** One process over the store: opened, then perhaps listening, then stopped. */
export class Server {
  readonly metrics: Metrics
  readonly store: OpenStore
  readonly #options: ServerOptions
  readonly #scheduler: Scheduler
  readonly #bookkeeping: Bookkeeping
  readonly #audit: AuditLog
  readonly #disks: DiskWatch
  readonly #backups: ScheduledBackup
  readonly #mirror: MirrorJob
  readonly #damageLog: DamageLog
  #listener: Listener | undefined
  #spans: RequestSpans | null = null
  #address: ListenAddress

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
    this.#address = options.settings.listen
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
    this.#bookkeeping = new Bookkeeping({
      context: store.context,
      settings: options.settings,
      log: options.log,
      metrics,
    })
    this.#disks = new DiskWatch({
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
    this.#backups = new ScheduledBackup({ ...parts, processId })
    this.#mirror = new MirrorJob(parts)
    // A process that does the store's work reads all of it at once, and no worker besides.
    const copying = options.jobScopes.includes('store')
      ? [...this.#backups.jobs, ...this.#mirror.jobs, compaction]
      : []
    const jobs = [
      ...copying,
      this.#disks.job,
      ...createJobs(store.context, options.settings, this.#bookkeeping.accessLogs, {
        onRetired: (key) => this.#noteRetired(key),
        onCounted: (counts) => metrics.setKeyRotations(counts),
        onForgotten: (count, keys) =>
          options.log.warn(
            { count, keys },
            'access keys were rotated long ago and the old ones still count: end the rotation, or see with "lugsail key who" who uses them',
          ),
      }),
      ...this.#bookkeeping.jobs,
      ...this.#scrubJobs,
      this.#certificateJob,
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
    return publicUrlOf(this.#options.settings, this.#address)
  }

  /** Answers requests from now on; resolves with the address that it really listens on. */
  async listen(): Promise<ListenAddress> {
    const { settings, clock, log } = this.#options
    const { metrics } = this
    const apis = createApis(this.store.context, this.#bookkeeping.keyUses, this.#auditLogReader())
    const crowd = new ConnectionLog(log)
    this.#spans = await openRequestSpans(this.#options.environment, log)
    const frontend = new Frontend({
      control: apis.control,
      s3: apis.s3,
      clock,
      log,
      onFinished: (exchange, outcome) => {
        metrics.observeExchange(exchange, outcome)
        this.#bookkeeping.observe(exchange, outcome)
        this.#spans?.observe(exchange, outcome)
        const change = auditedChange(exchange, outcome)
        if (change) this.#audit.record(change)
      },
      reserved: {
        domain: settings.domain,
        metricsReaders: settings.metrics,
        console: settings.console === 'on' ? this.#findConsole() : null,
        checkStores: async () => {
          await readStoreIdentity(this.store.context.metadata)
          const warning = this.#disks.warning ?? (await this.#backups.warning())
          return { trouble: this.#disks.trouble, warning }
        },
        metricsText: () => (this.#options.metricsText ?? ownMetricsText)(metrics),
      },
    })
    this.#listener = new Listener({
      address: settings.listen,
      tls: tlsFilesOf(settings),
      frontend,
      limits: listenerLimits(settings, this.#connectionsMax()),
      trustedProxies: settings.trustedProxies,
      onConnections: (open) => metrics.setConnections(open),
      onRefusedConnection: (address, open) => {
        metrics.countRefusedConnection()
        crowd.note('refused', address, open)
      },
      onCutConnection: (reason, address) => {
        metrics.countCutConnection(reason)
        crowd.note(reason, address)
      },
      onHeldOff: (address) => {
        metrics.countHeldOffAddress()
        log.warn(
          { remoteAddress: address },
          'too many signatures from an address were wrong; it is held off for a minute',
        )
      },
      onAcceptError: (error) => log.error({ error }, 'a connection could not be accepted'),
    })
    this.#address = await this.#listener.listen()
    this.#watchCertificate()
    return this.#address
  }

  #findConsole(): ConsoleFiles | null {
    const files = ConsoleFiles.find()
    if (!files)
      this.#options.log.warn({}, 'the console was not built, and is not served; "npm run build" builds it')
    return files
  }

  #connectionsMax(): number {
    const { settings, log } = this.#options
    const possible = connectionsForDescriptors()
    if (possible >= settings.connectionsMax) return settings.connectionsMax
    log.warn(
      { connectionsMax: settings.connectionsMax, possible },
      'the system grants this process too few descriptors for connectionsMax; fewer connections are taken',
    )
    return possible
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

  /** What was just done is written before it is shown. */
  #auditLogReader(): AuditLogReader | null {
    const file = auditFileOf(this.#options.settings, this.store.folder)
    if (!file) return null
    const read = auditLogReader(file.path)
    return async (question) => {
      await this.#audit.flush()
      return await read(question)
    }
  }

  /** Begins the background work. */
  startJobs(): void {
    this.#scheduler.start()
  }

  /** Does the background work that is due by the clock; for who moves the clock itself. */
  async runDueJobs(): Promise<void> {
    await this.#scheduler.runDue()
  }

  /** Reads the TLS files again; when they cannot be used, the old ones stay and the log says so. */
  reloadTls(): void {
    try {
      const isRead = this.#listener?.reloadTls() === true
      this.#watchCertificate()
      this.#options.log.info(
        {},
        isRead ? 'read the TLS certificate again' : 'there is no TLS certificate to read again',
      )
    } catch (error) {
      this.#options.log.error(
        { error },
        'the TLS certificate could not be read again; the old one stays in use',
      )
    }
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

  /** What was read once expires while the server runs. */
  get #certificateJob(): Job {
    return {
      name: 'watch-certificate',
      intervalMs: CERTIFICATE_INTERVAL_MS,
      scope: 'process',
      run: async () => this.#watchCertificate(),
    }
  }

  #watchCertificate(): void {
    const validity = this.#listener?.certificateValidity
    const { settings } = this.#options
    if (!validity || settings.tlsCert === null) return
    this.metrics.setCertificateExpiry(settings.tlsCert, validity.until)
    reportCertificate(validity, this.#options)
  }

  /** Takes no more requests, lets those in flight finish within the drain timeout, does what waits in memory, closes the store. */
  async stop(): Promise<void> {
    const { log, settings } = this.#options
    hurryCalls(STOP_PATIENCE_MS)
    const cut = (await this.#listener?.stop(settings.drainTimeoutSeconds * 1_000)) ?? 0
    if (cut > 0) log.warn({ requests: cut }, 'requests were cut because the drain timeout was over')
    await this.#audit.close()
    await this.#spans?.close()
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

async function ownMetricsText(metrics: Metrics): Promise<MetricsPage> {
  return await metricsText([await metrics.snapshot()])
}
