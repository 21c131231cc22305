import { formatHttpDate } from '../../base/http-date.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange } from '../../api/exchange.ts'
import { DAY_MS } from '../../base/milliseconds.ts'
import { toControlForm } from '../../control/errors.ts'
import { createAccessKey } from '../../service/access-keys/create-access-key.ts'
import { createAccount, type GivenIdentity, type NewAccount } from '../../service/accounts/create-account.ts'
import { FIRST_ACCOUNT_NAME } from '../../service/accounts/first-account.ts'
import type { Caller } from '../../service/caller.ts'
import type { AccessKeyPair } from '../../service/credentials/mint-access-key.ts'
import { isDomainError } from '../../service/errors/domain-error.ts'
import { EnvelopeVault } from '../../service/secrets/envelope-vault.ts'
import { mintMasterKey, parseMasterKeys } from '../../service/secrets/master-keys.ts'
import type { ListenAddress } from '../configuration/address.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { ConsoleFiles } from '../console/console-files.ts'
import { Frontend } from '../http/frontend.ts'
import { Listener } from '../http/listener.ts'
import { listenerLimits, tlsFilesOf } from '../http/listener-settings.ts'
import type { Logger } from '../logging/logger.ts'
import { connectionsForDescriptors } from '../process/descriptor-limit.ts'
import { createStoreIdentity } from '../store/store-identity.ts'
import { publicUrlOf } from '../configuration/public-url.ts'
import { durationMs } from './duration.ts'
import { Faults } from './faults.ts'
import { Generation, type GenerationParts } from './generation.ts'
import { InvalidInput } from './invalid-input.ts'
import type { MemoryState } from './memory-state.ts'
import type { ClockState, MovableClock } from './movable-clock.ts'
import { RequestJournal } from './request-journal.ts'
import { Seeder } from './seed.ts'
import type { Duration, RequestRecord, Seed, SeedBucket } from './types.ts'

/** How a server in memory is to be. */
export interface EphemeralOptions {
  readonly settings: SettingValues
  readonly clock: MovableClock
  readonly log: Logger
  /** Whether the process lives as long as the server listens. */
  readonly holdsProcess: boolean
  /** Answers a path below `/-/test/`; there are none when absent. */
  readonly answerTestPath?: (
    server: EphemeralServer,
    request: IncomingMessage,
    response: ServerResponse,
    from: string,
  ) => Promise<void>
}

/** A state to which a server can go back. */
export interface Snapshot {
  readonly stores: MemoryState
  readonly clock: ClockState
}

/** Steps in which the clock is moved on: what happens in a step may lead to what happens in the next. */
const STEP_MS_MIN = DAY_MS
const STEPS_MAX = 1_000

/**
 * A server that keeps everything in memory and can be put back, for tests of what uses one. Its rules, APIs and background work are those of every server; whatever
 * it is asked in a wrong way is refused with {@link InvalidInput}.
 */
export class EphemeralServer {
  /** The first account, with its root key pair. */
  readonly accountId: string
  readonly rootKey: AccessKeyPair
  readonly faults: Faults
  readonly #options: EphemeralOptions
  readonly #parts: GenerationParts
  readonly #listener: Listener
  readonly #journal: RequestJournal
  /** Which generation each exchange began in. */
  readonly #begunIn = new WeakMap<Exchange, Generation>()
  #generation: Generation
  #first: Snapshot
  #address: ListenAddress
  /** What puts the server into another state is done one after the other. */
  #turn: Promise<unknown> = Promise.resolve()

  /** Makes the server with its first account and what `plant` puts there, which it goes back to, and answers requests. Throws ConfigurationError. */
  static async start(
    options: EphemeralOptions,
    plant: (seeder: Seeder) => Promise<void> = async () => undefined,
  ): Promise<EphemeralServer> {
    const { settings, clock, log } = options
    const late: { server?: EphemeralServer } = {}
    const faults = new Faults()
    const parts: GenerationParts = {
      settings,
      memoryBytesMax: settings.memoryBytesMax,
      clock,
      monotonicMs: clock.monotonicMs,
      vault: new EnvelopeVault(parseMasterKeys(mintMasterKey(), 'the memory')),
      log,
      publicUrl: () => late.server?.url ?? publicUrlOf(settings, settings.listen),
      onOperation: faults.meet,
    }
    const generation = new Generation(parts)
    const { context } = generation
    await createStoreIdentity(context.metadata, parts.vault)
    const made = await createAccount(context, FIRST_ACCOUNT_NAME, {}, undefined, identityOf(settings))
    const caller = { accountId: made.account.accountId, region: settings.region }
    await readably(() => plant(new Seeder(context, caller)))
    const first = { stores: await generation.state(), clock: clock.state }
    const server = new EphemeralServer({ options, parts, faults, made, generation, first })
    late.server = server
    server.#address = await server.#listener.listen()
    return server
  }

  private constructor(from: {
    readonly options: EphemeralOptions
    readonly parts: GenerationParts
    readonly faults: Faults
    readonly made: NewAccount
    readonly generation: Generation
    readonly first: Snapshot
  }) {
    const { options, made } = from
    this.accountId = made.account.accountId
    this.rootKey = made.rootKey
    this.faults = from.faults
    this.#options = options
    this.#parts = from.parts
    this.#generation = from.generation
    this.#first = from.first
    this.#address = options.settings.listen
    this.#journal = new RequestJournal(options.settings.requestsKept)
    this.#listener = this.#createListener()
  }

  #createListener(): Listener {
    const { settings, clock, log, holdsProcess, answerTestPath } = this.#options
    const begin = (exchange: Exchange): Generation => {
      this.#journal.begin(exchange)
      this.#begunIn.set(exchange, this.#generation)
      if (clock.isMoved) exchange.response.setHeader('Date', formatHttpDate(exchange.receivedAt))
      return this.#generation
    }
    const frontend = new Frontend({
      control: (exchange) => begin(exchange).control(exchange),
      s3: (exchange) => begin(exchange).s3(exchange),
      clock,
      log,
      onFinished: (exchange, outcome) => {
        this.#journal.end(exchange)
        this.#begunIn.get(exchange)?.observe(exchange, outcome)
      },
      reserved: {
        domain: settings.domain,
        metricsReaders: 'off',
        console: settings.console === 'on' ? ConsoleFiles.find() : null,
        checkStores: async () => ({ trouble: null, warning: null }),
        metricsText: async () => ({ contentType: 'text/plain', text: '' }),
        ...(answerTestPath && {
          answerTestPath: (request, response, from) => answerTestPath(this, request, response, from),
        }),
      },
    })
    return new Listener({
      address: settings.listen,
      tls: tlsFilesOf(settings),
      frontend,
      limits: listenerLimits(settings, Math.min(settings.connectionsMax, connectionsForDescriptors())),
      trustedProxies: settings.trustedProxies,
      holdsProcess,
      onAcceptError: (error) => log.error({ error }, 'a connection could not be accepted'),
    })
  }

  /** Base URL under which clients reach the server. */
  get url(): string {
    return publicUrlOf(this.#options.settings, this.#address)
  }

  get region(): string {
    return this.#options.settings.region
  }

  /** Goes back to what was there when the server had started; no fault waits any more, and no request is remembered. */
  async reset(): Promise<void> {
    await this.#inTurn(async () => {
      this.faults.clear()
      this.#journal.clear()
      await this.#begin(this.#first)
    })
  }

  /** What is stored now, and how late it is. */
  snapshot(): Promise<Snapshot> {
    return this.#inTurn(async () => ({
      stores: await this.#generation.state(),
      clock: this.#options.clock.state,
    }))
  }

  /** Goes back to what was stored then, and to that time. */
  async restore(snapshot: Snapshot): Promise<void> {
    await this.#inTurn(() => this.#begin(snapshot))
  }

  /** By the server's clock. */
  now(): Date {
    return new Date(this.#options.clock.now())
  }

  /** Moves the clock on, by a day at a time, and does what falls due on the way; resolves when that is done. */
  async advance(duration: Duration): Promise<void> {
    const wholeMs = durationMs(duration, 'advance')
    await this.#inTurn(async () => {
      const { clock } = this.#options
      const stepMs = Math.max(STEP_MS_MIN, wholeMs / STEPS_MAX)
      for (let leftMs = wholeMs; leftMs > 0; leftMs -= stepMs) {
        clock.advance(Math.min(stepMs, leftMs))
        await this.#generation.runDueJobs()
      }
    })
  }

  /** Moves the clock on to that moment, as {@link advance} does. Throws {@link InvalidInput} for one that is past. */
  async advanceTo(moment: unknown): Promise<void> {
    const at = new Date(moment instanceof Date || typeof moment === 'number' ? moment : String(moment))
    const leftMs = at.getTime() - this.#options.clock.now()
    if (Number.isNaN(leftMs)) throw new InvalidInput(`the clock: expected a date, got ${String(moment)}`)
    if (leftMs < 0)
      throw new InvalidInput(
        `the clock shows ${this.now().toISOString()} and goes on only; restore and reset put it back`,
      )
    await this.advance(leftMs)
  }

  /** The last requests to the APIs, oldest first. */
  requests(): RequestRecord[] {
    return this.#journal.list()
  }

  clearRequests(): void {
    this.#journal.clear()
  }

  /** Puts what the seed says beside what is there. */
  async seed(seed: Seed): Promise<void> {
    await this.#inTurn(() => this.#seeder.plant(seed))
  }

  /** Puts a bucket for each folder in `folder` beside what is there, and their files as objects. */
  async seedFolder(folder: string): Promise<void> {
    await this.#inTurn(() => this.#seeder.plantFolder(folder))
  }

  async createBucket(name: string, bucket: SeedBucket = {}): Promise<void> {
    await this.#inTurn(() => this.#seeder.createBucket(name, bucket))
  }

  async createBucketAccessKey(bucketName: string): Promise<AccessKeyPair> {
    return await this.#inTurn(async () => {
      const { accessKey, secretAccessKey } = await createAccessKey(
        this.#generation.context,
        this.#caller,
        bucketName,
      )
      return { accessKeyId: accessKey.accessKeyId, secretAccessKey }
    })
  }

  /** Takes no more requests, lets those under way finish for so long, and forgets everything. */
  async close(drainTimeoutMs: number): Promise<void> {
    await this.#inTurn(async () => {
      await this.#listener.stop(drainTimeoutMs)
      await this.#generation.close()
    })
  }

  get #caller(): Caller {
    return { accountId: this.accountId, region: this.region }
  }

  get #seeder(): Seeder {
    return new Seeder(this.#generation.context, this.#caller)
  }

  async #begin({ stores, clock }: Snapshot): Promise<void> {
    const before = this.#generation
    this.#options.clock.restore(clock)
    this.#generation = new Generation(this.#parts, stores)
    await before.close()
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(() => readably(work))
    this.#turn = turn.catch(() => undefined)
    return turn
  }
}

/** What the rules refuse is told in the words that clients hear. */
async function readably<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const refusal = isDomainError(error) ? toControlForm(error) : null
    throw refusal ? new InvalidInput(`${refusal.message} (${refusal.code})`, { cause: error }) : error
  }
}

function identityOf({ accountId, rootAccessKeyId, rootSecretAccessKey }: SettingValues): GivenIdentity {
  return {
    accountId,
    ...(rootAccessKeyId !== null &&
      rootSecretAccessKey !== null && {
        rootKey: { accessKeyId: rootAccessKeyId, secretAccessKey: rootSecretAccessKey },
      }),
  }
}
