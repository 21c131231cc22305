import type { Clock } from '../../base/clock.ts'
import { HOUR_MS } from '../../base/milliseconds.ts'
import type { AuditLogReader } from '../../control/server-facts.ts'
import { auditFileOf } from '../audit/audit-file.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import { auditedChange } from '../audit/audited-change.ts'
import { auditLogReader } from '../audit/read-audit-log.ts'
import type { ScheduledBackup } from '../backup/scheduled-backup.ts'
import type { ListenAddress } from '../configuration/address.ts'
import { publicUrlOf } from '../configuration/public-url.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { ConsoleFiles } from '../console/console-files.ts'
import { reportCertificate } from '../http/certificate-watch.ts'
import { Frontend } from '../http/frontend.ts'
import { Listener } from '../http/listener.ts'
import { listenerLimits, tlsFilesOf } from '../http/listener-settings.ts'
import type { Job } from '../jobs/job.ts'
import type { Logger } from '../logging/logger.ts'
import { metricsText, type Metrics } from '../metrics/metrics.ts'
import type { OpenStore } from '../store/open-store.ts'
import { readStoreIdentity } from '../store/store-identity.ts'
import { openRequestSpans, type RequestSpans } from '../tracing/request-spans.ts'
import { createApis } from './apis.ts'
import type { Bookkeeping } from './bookkeeping.ts'
import { ConnectionLog } from './connection-log.ts'
import { connectionsForDescriptors } from './descriptor-limit.ts'
import type { DiskWatch } from './disk-watch.ts'

/** How often the log tells of a certificate that needs to be renewed. */
const CERTIFICATE_INTERVAL_MS = 12 * HOUR_MS

type MetricsPage = { readonly contentType: string; readonly text: string }

/** The parts of a process that requests meet, or that are told of them. */
export interface ListeningOptions {
  readonly settings: SettingValues
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly log: Logger
  readonly store: Pick<OpenStore, 'context' | 'folder'>
  readonly metrics: Metrics
  /** Those of all processes; this one's own when absent. */
  readonly metricsText?: typeof ownMetricsText
  readonly bookkeeping: Bookkeeping
  readonly audit: AuditLog
  readonly disks: DiskWatch
  readonly backups: ScheduledBackup
}

/** Where requests reach a process: its connections and certificate, the APIs behind them, and who looks at what was answered. */
export class Listening {
  readonly #options: ListeningOptions
  #listener: Listener | undefined
  #spans: RequestSpans | null = null
  #address: ListenAddress

  constructor(options: ListeningOptions) {
    this.#options = options
    this.#address = options.settings.listen
  }

  /** Base URL under which clients reach the server. */
  get url(): string {
    return publicUrlOf(this.#options.settings, this.#address)
  }

  /** Answers requests from now on; resolves with the address that it really listens on. */
  async listen(): Promise<ListenAddress> {
    const { settings, clock, log, metrics, store, bookkeeping, audit, disks, backups } = this.#options
    const apis = createApis(store.context, bookkeeping.keyUses, this.#auditLogReader())
    const crowd = new ConnectionLog(log)
    this.#spans = await openRequestSpans(this.#options.environment, log)
    const frontend = new Frontend({
      control: apis.control,
      s3: apis.s3,
      clock,
      log,
      onFinished: (exchange, outcome) => {
        metrics.observeExchange(exchange, outcome)
        bookkeeping.observe(exchange, outcome)
        this.#spans?.observe(exchange, outcome)
        const change = auditedChange(exchange, outcome)
        if (change) audit.record(change)
      },
      reserved: {
        domain: settings.domain,
        metricsReaders: settings.metrics,
        console: settings.console === 'on' ? this.#findConsole() : null,
        checkStores: async () => {
          await readStoreIdentity(store.context.metadata)
          const warning = disks.warning ?? (await backups.warning())
          return { trouble: disks.trouble, warning }
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

  /** What was just done is written before it is shown. */
  #auditLogReader(): AuditLogReader | null {
    const { settings, store, audit } = this.#options
    const file = auditFileOf(settings, store.folder)
    if (!file) return null
    const read = auditLogReader(file.path)
    return async (question) => {
      await audit.flush()
      return await read(question)
    }
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

  /** What was read once expires while the server runs. */
  get certificateJob(): Job {
    return {
      name: 'watch-certificate',
      intervalMs: CERTIFICATE_INTERVAL_MS,
      scope: 'process',
      run: async () => this.#watchCertificate(),
    }
  }

  #watchCertificate(): void {
    const validity = this.#listener?.certificateValidity
    const { settings, metrics } = this.#options
    if (!validity || settings.tlsCert === null) return
    metrics.setCertificateExpiry(settings.tlsCert, validity.until)
    reportCertificate(validity, this.#options)
  }

  /** Takes no more requests, and lets those in flight finish within the drain timeout. */
  async stop(): Promise<void> {
    const { log, settings } = this.#options
    const cut = (await this.#listener?.stop(settings.drainTimeoutSeconds * 1_000)) ?? 0
    if (cut > 0) log.warn({ requests: cut }, 'requests were cut because the drain timeout was over')
  }

  /** Sends what is known of the requests and was not sent yet. */
  async close(): Promise<void> {
    await this.#spans?.close()
  }
}

async function ownMetricsText(metrics: Metrics): Promise<MetricsPage> {
  return await metricsText([await metrics.snapshot()])
}
