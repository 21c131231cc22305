import type { Exchange } from '../../api/exchange.ts'
import { accessesToLog } from '../../s3/access-log/logged-accesses.ts'
import { AccessLogs } from '../../service/access-logs/access-logs.ts'
import type { ServiceContext } from '../../service/context.ts'
import { KeyUseMeter } from '../../service/key-uses/key-use-meter.ts'
import { readBundleUsage } from '../../service/usage/bundle-usage.ts'
import { TransferMeter } from '../../service/usage/transfer-meter.ts'
import type { SettingValues } from '../configuration/schema.ts'
import type { Job } from '../jobs/job.ts'
import type { Logger } from '../logging/logger.ts'
import type { ExchangeOutcome } from '../logging/request-line.ts'
import { LargestBuckets } from '../metrics/largest-buckets.ts'
import { metricsNamesMax } from '../metrics/names-max.ts'
import type { BundleTotals, Metrics } from '../metrics/metrics.ts'
import { keyUseOf } from './key-use-of.ts'

const TRANSFER_INTERVAL_MS = 10_000
const KEY_USE_INTERVAL_MS = 10_000
const BUNDLES_INTERVAL_MS = 15 * 60 * 1_000

/** What is told of it. */
type BookkeepingMetrics = Pick<
  Metrics,
  'countAccessLogLines' | 'countLostKeyUses' | 'setBundles' | 'setHeldByBuckets'
>

interface BookkeepingOptions {
  readonly context: ServiceContext
  readonly settings: Pick<SettingValues, 'accessLogIntervalSeconds' | 'metrics' | 'metricsNamesMax'>
  readonly log: Logger
  readonly metrics: BookkeepingMetrics
}

/** What requests leave behind: lines in access logs, transfer, and who used which key. Gathered in memory, stored by {@link Bookkeeping.jobs}. */
export class Bookkeeping {
  /** Takes also what no request did. */
  readonly accessLogs: AccessLogs
  /** Who uses which access key. */
  readonly keyUses: KeyUseMeter
  readonly #transfer: TransferMeter
  readonly #accessLogIntervalMs: number
  readonly #context: ServiceContext
  readonly #metrics: BookkeepingMetrics
  readonly #namesMax: number

  constructor({ context, settings, log, metrics }: BookkeepingOptions) {
    this.accessLogs = new AccessLogs(context, {
      onLines: (count, outcome) => metrics.countAccessLogLines(count, outcome),
      onFailure: (error) => log.warn({ error }, 'access logs could not be delivered; they wait'),
    })
    this.#transfer = new TransferMeter(context.metadata, context.clock)
    this.keyUses = new KeyUseMeter(context, (requests) => metrics.countLostKeyUses(requests))
    this.#context = context
    this.#metrics = metrics
    this.#namesMax = metricsNamesMax(settings)
    this.#accessLogIntervalMs = settings.accessLogIntervalSeconds * 1_000
  }

  /** To be told of each finished request. Never fails and never waits. */
  observe(exchange: Exchange, outcome: ExchangeOutcome): void {
    const { bucketId, requestBodyBytes = 0, responseBodyBytes = 0 } = exchange.facts
    if (bucketId !== undefined)
      this.#transfer.count(bucketId, { inBytes: requestBodyBytes, outBytes: responseBodyBytes })
    const use = keyUseOf(exchange)
    if (use) this.keyUses.count(use)
    for (const { target, access } of accessesToLog(exchange, outcome)) this.accessLogs.record(target, access)
  }

  /** Stores what was gathered of transfer and the use of keys. */
  async flush(): Promise<void> {
    await this.#transfer.flush()
    await this.keyUses.flush()
  }

  /** Each process stores what it gathered itself, and once more when it stops. */
  get jobs(): readonly Job[] {
    return [
      {
        name: 'deliver-access-logs',
        intervalMs: this.#accessLogIntervalMs,
        scope: 'process',
        isDoneAtStop: true,
        run: () => this.accessLogs.deliver(),
      },
      {
        name: 'store-transfer',
        intervalMs: TRANSFER_INTERVAL_MS,
        scope: 'process',
        isDoneAtStop: true,
        run: () => this.#transfer.flush(),
      },
      {
        name: 'store-key-uses',
        intervalMs: KEY_USE_INTERVAL_MS,
        scope: 'process',
        isDoneAtStop: true,
        run: () => this.keyUses.flush(),
      },
      {
        name: 'count-bundles',
        intervalMs: BUNDLES_INTERVAL_MS,
        scope: 'store',
        run: (signal) => this.#countBundles(signal),
      },
    ]
  }

  async #countBundles(signal: AbortSignal): Promise<void> {
    const bundles = new Map<string, BundleTotals>()
    const largest = new LargestBuckets(this.#namesMax)
    for await (const usage of readBundleUsage(this.#context, signal)) {
      const { bundleId, name } = usage.bucket
      largest.add({ bucketName: name, storedBytes: usage.storedBytes, objects: usage.objects })
      const totals = bundles.get(bundleId) ?? {
        buckets: 0,
        exceedingStorage: 0,
        exceedingTransfer: 0,
        storedBytes: 0,
        sentBytes: 0,
        receivedBytes: 0,
      }
      bundles.set(bundleId, totals)
      totals.buckets++
      if (usage.storedBytes > usage.storageBytesMax) totals.exceedingStorage++
      if (usage.sentBytes > usage.transferBytesMax) totals.exceedingTransfer++
      totals.storedBytes += usage.storedBytes
      totals.sentBytes += usage.sentBytes
      totals.receivedBytes += usage.receivedBytes
    }
    this.#metrics.setBundles(bundles)
    this.#metrics.setHeldByBuckets(largest.all)
  }
}
