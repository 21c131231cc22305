import { AggregatorRegistry, Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client'
import type { Exchange } from '../../api/exchange.ts'
import { VERSION } from '../../base/version.ts'
import type { CutReason } from '../http/connection.ts'
import type { ExchangeOutcome } from '../logging/request-line.ts'
import type { StoreSpace } from '../../storage/metadata-store.ts'
import type { FinishedPass, ScrubCounts } from '../scrub/scrub-record.ts'
import { isGuessedSignature } from '../http/guessed-signature.ts'
import { MetricsByName } from './by-name.ts'
import type { HeldByBucket } from './largest-buckets.ts'
import { LatencyHistogram } from './latency-histogram.ts'

/** The values of one process, in a form that can be sent to another and added up there. */
export type MetricsSnapshot = object[]

/** All buckets of one bundle taken together. */
export interface BundleTotals {
  buckets: number
  exceedingStorage: number
  exceedingTransfer: number
  storedBytes: number
  sentBytes: number
  receivedBytes: number
}

/** The metrics of one process. But for {@link MetricsByName}, no label holds a name that clients choose: their number is bounded by the operations that exist. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #requests = new Counter({
    name: 'lugsail_requests_total',
    help: 'Requests answered, by service, operation and HTTP status (499: the client went away).',
    labelNames: ['service', 'operation', 'status'],
    registers: [this.#registry],
  })
  readonly #requestSeconds = new LatencyHistogram({
    name: 'lugsail_request_duration_seconds',
    help: 'Time from the end of the headers to the end of the response.',
    labelNames: ['service', 'operation'],
  })
  readonly #requestBytes = new Counter({
    name: 'lugsail_request_body_bytes_total',
    help: 'Bytes of request bodies taken in.',
    labelNames: ['service'],
    registers: [this.#registry],
  })
  readonly #responseBytes = new Counter({
    name: 'lugsail_response_body_bytes_total',
    help: 'Bytes of response bodies sent.',
    labelNames: ['service'],
    registers: [this.#registry],
  })
  readonly #damage = new Counter({
    name: 'lugsail_damage_total',
    help: 'Objects and records that were found damaged when they were read, each once since the process began.',
    registers: [this.#registry],
  })
  readonly #scrubbed = new Counter({
    name: 'lugsail_scrub_read_total',
    help: 'What scrubs read, and what of it was damaged: records, blobs, bytes, damaged records and objects.',
    labelNames: ['what'],
    registers: [this.#registry],
  })
  readonly #scrubFinished = new Gauge({
    name: 'lugsail_scrub_last_full_pass_timestamp_seconds',
    help: 'When the last full scrub of the store ended, in Unix time; 0: there was none yet.',
    aggregator: 'max',
    registers: [this.#registry],
  })
  readonly #scrubDamaged = new Gauge({
    name: 'lugsail_scrub_last_full_pass_damaged',
    help: 'Records and objects that the last full scrub found damaged.',
    aggregator: 'max',
    registers: [this.#registry],
  })
  readonly #connections = new Gauge({
    name: 'lugsail_connections',
    help: 'Connections that are open.',
    registers: [this.#registry],
  })
  readonly #refusedConnections = new Counter({
    name: 'lugsail_connections_refused_total',
    help: 'Connections closed because connectionsMax, or connectionsPerAddressMax, were open.',
    registers: [this.#registry],
  })
  readonly #cutConnections = new Counter({
    name: 'lugsail_connections_cut_total',
    help: 'Connections that the server ended of its own accord, by reason.',
    labelNames: ['reason'],
    registers: [this.#registry],
  })
  readonly #heldOffAddresses = new Counter({
    name: 'lugsail_addresses_held_off_total',
    help: 'Times that an address was held off for a minute because too many of its signatures were wrong.',
    registers: [this.#registry],
  })
  readonly #wrongSignatures = new Counter({
    name: 'lugsail_wrong_signatures_total',
    help: 'Requests refused since their signature was wrong or their access key or token unknown, by service.',
    labelNames: ['service'],
    registers: [this.#registry],
  })
  readonly #certificateExpiry = new Gauge({
    name: 'lugsail_tls_certificate_expiry_timestamp_seconds',
    help: 'When the TLS certificate in use expires, in Unix time; the earliest of all in its chain and of all processes.',
    labelNames: ['file'],
    aggregator: 'min',
    registers: [this.#registry],
  })
  readonly #accessLogLines = new Counter({
    name: 'lugsail_access_log_lines_total',
    help: 'Lines of buckets’ access logs, by whether they were delivered or dropped.',
    labelNames: ['outcome'],
    registers: [this.#registry],
  })
  readonly #auditLogLines = new Counter({
    name: 'lugsail_audit_log_lines_total',
    help: 'Lines of the audit log, by whether they were written, dropped since the disk was full for long, or left out since a key was refused too much.',
    labelNames: ['outcome'],
    registers: [this.#registry],
  })
  readonly #lostKeyUses = new Counter({
    name: 'lugsail_key_uses_lost_total',
    help: 'Requests that are not told of by GetAccessKeyUse, since too many users of keys waited for a store that did not answer.',
    registers: [this.#registry],
  })
  readonly #keyRotations = new Gauge({
    name: 'lugsail_key_rotations',
    help: 'Access keys that were rotated and still count (retiring), and those of them for longer than rotationDaysMax (forgotten); counted by one process of the store every minute.',
    labelNames: ['state'],
    registers: [this.#registry],
  })
  readonly #bundleBuckets = new Gauge({
    name: 'lugsail_bundle_buckets',
    help: 'Buckets of the store by bundle, and of those how many exceed its storage or transfer; counted by one process of the store every 15 minutes.',
    labelNames: ['bundle', 'which'],
    registers: [this.#registry],
  })
  readonly #bundleBytes = new Gauge({
    name: 'lugsail_bundle_bytes',
    help: 'What the buckets of a bundle hold, and what they sent and received this month; counted as lugsail_bundle_buckets.',
    labelNames: ['bundle', 'kind'],
    registers: [this.#registry],
  })
  readonly #storeSeconds = new LatencyHistogram({
    name: 'lugsail_store_duration_seconds',
    help: 'Time of calls to the stores.',
    labelNames: ['store', 'call', 'outcome'],
  })
  readonly #jobSeconds = new LatencyHistogram({
    name: 'lugsail_job_duration_seconds',
    help: 'Time of runs of background work.',
    labelNames: ['job', 'outcome'],
  })

  readonly #diskFree = new Gauge({
    name: 'lugsail_disk_free_bytes',
    help: 'Room on the disk of an embedded engine.',
    labelNames: ['store'],
    aggregator: 'min',
    registers: [this.#registry],
  })
  readonly #diskLow = new Gauge({
    name: 'lugsail_disk_low',
    help: '1 when the disk of an embedded engine has less room than diskLowBytes and than a twentieth of it, or hardly an inode; else 0.',
    labelNames: ['store'],
    aggregator: 'max',
    registers: [this.#registry],
  })
  readonly #takesWrites = new Gauge({
    name: 'lugsail_store_takes_writes',
    help: '0 when a store is full or read only, as the process sees it that sees it worst; else 1.',
    labelNames: ['store'],
    aggregator: 'min',
    registers: [this.#registry],
  })
  readonly #metadataBytes = new Gauge({
    name: 'lugsail_metadata_file_bytes',
    help: 'How long the file of the embedded metadata store is (file), and how much of that holds nothing (free); looked at every minute.',
    labelNames: ['part'],
    aggregator: 'max',
    registers: [this.#registry],
  })
  readonly #compactionTime = new Gauge({
    name: 'lugsail_metadata_last_compaction_timestamp_seconds',
    help: 'When the server compacted that file last, in Unix time; 0: not since it started.',
    aggregator: 'max',
    registers: [this.#registry],
  })
  readonly #backupTimes = new Gauge({
    name: 'lugsail_backup_last_timestamp_seconds',
    help: 'When a backup of the schedule succeeded last, and when one failed last since then, in Unix time.',
    labelNames: ['outcome'],
    aggregator: 'max',
    registers: [this.#registry],
  })
  readonly #mirrorLag = new Gauge({
    name: 'lugsail_mirror_lag_seconds',
    help: 'How long ago the oldest change was made that the mirror has not taken over.',
    aggregator: 'max',
    registers: [this.#registry],
  })
  readonly #mirrorTime = new Gauge({
    name: 'lugsail_mirror_last_success_timestamp_seconds',
    help: 'When the mirror had taken over all changes last, in Unix time.',
    aggregator: 'max',
    registers: [this.#registry],
  })
  readonly #healed = new Counter({
    name: 'lugsail_healed_total',
    help: 'What was found damaged and mended from the mirror.',
    labelNames: ['kind'],
    registers: [this.#registry],
  })
  readonly #droppedLogLines = new Counter({
    name: 'lugsail_log_lines_dropped_total',
    help: 'Lines of the log that were lost because it was not read in time or could not be written.',
    registers: [this.#registry],
  })
  readonly #byName: MetricsByName
  readonly #readDroppedLogLines: () => number

  /** `droppedLogLines` gives how many lines of its log the process has lost so far; `namesMax`: how many buckets and keys have metrics of their own. */
  constructor({
    droppedLogLines = () => 0,
    namesMax = 0,
  }: { readonly droppedLogLines?: () => number; readonly namesMax?: number } = {}) {
    this.#readDroppedLogLines = droppedLogLines
    this.#byName = new MetricsByName(this.#registry, namesMax)
    collectDefaultMetrics({ register: this.#registry })
    new Gauge({
      name: 'lugsail_build_info',
      help: 'Always 1; its labels are the version of Lugsail and of Node.js.',
      labelNames: ['version', 'node'],
      aggregator: 'max',
      registers: [this.#registry],
    }).set({ version: VERSION, node: process.version }, 1)
  }

  observeExchange({ facts }: Exchange, { status, durationMs }: Omit<ExchangeOutcome, 'startedAt'>): void {
    const service = facts.service ?? 'none'
    const operation = facts.operation ?? 'none'
    this.#requests.inc({ service, operation, status })
    this.#requestSeconds.observe(durationMs, service, operation)
    if (facts.requestBodyBytes) this.#requestBytes.inc({ service }, facts.requestBodyBytes)
    if (facts.responseBodyBytes) this.#responseBytes.inc({ service }, facts.responseBodyBytes)
    if (isGuessedSignature(facts)) this.#wrongSignatures.inc({ service })
    this.#byName.observe(facts, status)
  }

  countDamage(): void {
    this.#damage.inc()
  }

  countScrubbed(counts: ScrubCounts): void {
    for (const what of ['records', 'blobs', 'bytes', 'damaged'] as const)
      if (counts[what] > 0) this.#scrubbed.inc({ what }, counts[what])
  }

  setLastScrub({ finishedAt, damaged }: FinishedPass): void {
    this.#scrubFinished.set(Math.round(finishedAt / 1_000))
    this.#scrubDamaged.set(damaged)
  }

  setConnections(open: number): void {
    this.#connections.set(open)
  }

  /** `file` is the setting's; `at` is in epoch milliseconds. */
  setCertificateExpiry(file: string, at: number): void {
    this.#certificateExpiry.set({ file }, at / 1_000)
  }

  countRefusedConnection(): void {
    this.#refusedConnections.inc()
  }

  countCutConnection(reason: CutReason): void {
    this.#cutConnections.inc({ reason })
  }

  countHeldOffAddress(): void {
    this.#heldOffAddresses.inc()
  }

  countAccessLogLines(count: number, outcome: 'delivered' | 'dropped'): void {
    this.#accessLogLines.inc({ outcome }, count)
  }

  countAuditLogLines(count: number, outcome: 'written' | 'dropped' | 'left-out'): void {
    this.#auditLogLines.inc({ outcome }, count)
  }

  countLostKeyUses(requests: number): void {
    this.#lostKeyUses.inc(requests)
  }

  setKeyRotations({ retiring, forgotten }: { readonly retiring: number; readonly forgotten: number }): void {
    this.#keyRotations.set({ state: 'retiring' }, retiring)
    this.#keyRotations.set({ state: 'forgotten' }, forgotten)
  }

  setBundles(bundles: ReadonlyMap<string, BundleTotals>): void {
    this.#bundleBuckets.reset()
    this.#bundleBytes.reset()
    for (const [bundle, totals] of bundles) {
      this.#bundleBuckets.set({ bundle, which: 'all' }, totals.buckets)
      this.#bundleBuckets.set({ bundle, which: 'over_storage' }, totals.exceedingStorage)
      this.#bundleBuckets.set({ bundle, which: 'over_transfer' }, totals.exceedingTransfer)
      this.#bundleBytes.set({ bundle, kind: 'stored' }, totals.storedBytes)
      this.#bundleBytes.set({ bundle, kind: 'sent' }, totals.sentBytes)
      this.#bundleBytes.set({ bundle, kind: 'received' }, totals.receivedBytes)
    }
  }

  setHeldByBuckets(buckets: Iterable<HeldByBucket>): void {
    this.#byName.setHeld(buckets)
  }

  setDisk(
    store: string,
    { freeBytes, isLow }: { readonly freeBytes: number; readonly isLow: boolean },
  ): void {
    this.#diskFree.set({ store }, freeBytes)
    this.#diskLow.set({ store }, isLow ? 1 : 0)
  }

  setMetadataSpace({ fileBytes, freeBytes }: StoreSpace): void {
    this.#metadataBytes.set({ part: 'file' }, fileBytes)
    this.#metadataBytes.set({ part: 'free' }, freeBytes)
  }

  /** `at`: epoch milliseconds. */
  setLastCompaction(at: number): void {
    this.#compactionTime.set(at / 1_000)
  }

  setBackup({ lastSuccessAt, lastFailureAt }: { lastSuccessAt?: number; lastFailureAt?: number }): void {
    this.#backupTimes.reset()
    if (lastSuccessAt !== undefined) this.#backupTimes.set({ outcome: 'success' }, lastSuccessAt / 1_000)
    if (lastFailureAt !== undefined) this.#backupTimes.set({ outcome: 'failure' }, lastFailureAt / 1_000)
  }

  /** `nearAt`: epoch milliseconds, when nothing was left to take over. */
  setMirrorLag(seconds: number, nearAt: number | null): void {
    this.#mirrorLag.set(seconds)
    if (nearAt !== null) this.#mirrorTime.set(nearAt / 1_000)
  }

  countHealed(kind: 'blob' | 'record'): void {
    this.#healed.inc({ kind })
  }

  setTakesWrites(store: string, takesWrites: boolean): void {
    this.#takesWrites.set({ store }, takesWrites ? 1 : 0)
  }

  observeStoreCall(store: 'metadata' | 'blobs', call: string, outcome: string, durationMs: number): void {
    this.#storeSeconds.observe(durationMs, store, call, outcome)
  }

  observeJob(job: string, outcome: 'ok' | 'error', durationMs: number): void {
    this.#jobSeconds.observe(durationMs, job, outcome)
  }

  async snapshot(): Promise<MetricsSnapshot> {
    this.#droppedLogLines.reset()
    this.#droppedLogLines.inc(this.#readDroppedLogLines())
    const histograms = [this.#requestSeconds, this.#storeSeconds, this.#jobSeconds]
    return [
      ...(await this.#registry.getMetricsAsJSON()),
      ...histograms.map((histogram) => histogram.toJSON()),
    ]
  }
}

/** The metrics of one or several processes in Prometheus' text form; counters and histograms are added up. */
export async function metricsText(
  snapshots: readonly MetricsSnapshot[],
): Promise<{ readonly contentType: string; readonly text: string }> {
  const registry = AggregatorRegistry.aggregate([...snapshots])
  return { contentType: registry.contentType, text: await registry.metrics() }
}
