import type { Exchange, OperationWatch } from '../../api/exchange.ts'
import type { Clock, MonotonicClock } from '../../base/clock.ts'
import type { ServiceContext } from '../../service/context.ts'
import { createServiceContext } from '../../service/create-context.ts'
import type { SecretVault } from '../../service/secrets/secret-vault.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { createJobs } from '../jobs/index.ts'
import type { Job } from '../jobs/job.ts'
import { Scheduler } from '../jobs/scheduler.ts'
import type { Logger } from '../logging/logger.ts'
import type { ExchangeOutcome } from '../logging/request-line.ts'
import { createApis, type Apis } from '../process/apis.ts'
import { Bookkeeping } from '../process/bookkeeping.ts'
import { serviceSettings } from '../store/service-settings.ts'
import { unstoredUse } from '../store/unstored-use.ts'
import { MemoryStores, type MemoryState } from './memory-state.ts'

/** What all generations of a server share. */
export interface GenerationParts {
  readonly settings: SettingValues
  readonly memoryBytesMax: number
  readonly clock: Clock
  readonly monotonicMs: MonotonicClock
  readonly vault: SecretVault
  readonly log: Logger
  readonly publicUrl: () => string
  readonly onOperation: OperationWatch
}

const NOTHING = (): undefined => undefined

/**
 * One state of the stores with all that works on it: the rules, both APIs, the background work. To go back to an earlier state is to begin another
 * generation; requests that are under way end in the one that they began in, and change nothing of the next.
 */
export class Generation {
  readonly context: ServiceContext
  readonly #stores: MemoryStores
  readonly #apis: Apis
  readonly #bookkeeping: Bookkeeping
  readonly #scheduler: Scheduler

  /** `from`: what it begins with; nothing when absent. */
  constructor(parts: GenerationParts, from?: MemoryState) {
    const { settings, clock, monotonicMs, log } = parts
    this.#stores = new MemoryStores(parts.memoryBytesMax, from)
    const { metadata, blobs } = this.#stores
    this.context = createServiceContext({
      metadata,
      blobs,
      clock,
      vault: parts.vault,
      settings: serviceSettings(settings, parts.publicUrl),
      onUnstoredUse: unstoredUse(log),
    })
    const metrics = {
      countAccessLogLines: NOTHING,
      countLostKeyUses: NOTHING,
      setBundles: NOTHING,
      setHeldByBuckets: NOTHING,
    }
    this.#bookkeeping = new Bookkeeping({ context: this.context, settings, log, metrics })
    const { accessLogs, keyUses } = this.#bookkeeping
    this.#apis = createApis(this.context, keyUses, null, parts.onOperation)
    const reports = { onRetired: NOTHING, onCounted: NOTHING, onForgotten: NOTHING }
    const jobs: readonly Job[] = [
      ...createJobs(this.context, settings, accessLogs, reports),
      ...this.#bookkeeping.jobs,
    ]
    this.#scheduler = new Scheduler({ jobs, clock, monotonicMs, metadata, log, processId: 'memory' })
    this.#scheduler.start()
  }

  /** Answers what is for Lightsail's API, Lugsail's own and STS. */
  readonly control = (exchange: Exchange): Promise<void> => this.#apis.control(exchange)

  readonly s3 = (exchange: Exchange): Promise<void> => this.#apis.s3(exchange)

  /** To be told of each of its exchanges, when it is over. */
  observe(exchange: Exchange, outcome: ExchangeOutcome): void {
    this.#bookkeeping.observe(exchange, outcome)
  }

  /** Does the background work that is due by the clock, also what is under way already. */
  async runDueJobs(): Promise<void> {
    await this.#scheduler.settle()
    await this.#scheduler.runDue()
    await this.context.accessKeyUses.flush()
  }

  /** What the stores hold now, with what requests that are over left to be stored. */
  async state(): Promise<MemoryState> {
    await this.#bookkeeping.flush()
    await this.context.accessKeyUses.flush()
    return this.#stores.state()
  }

  /** Does no more background work. */
  async close(): Promise<void> {
    await this.#scheduler.stop()
    await this.context.accessKeyUses.close()
  }
}
