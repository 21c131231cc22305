import cluster, { type Worker } from 'node:cluster'
import type { ListenAddress } from '../configuration/address.ts'
import { ConfigurationError, StartFailure } from '../configuration/errors.ts'
import type { Logger } from '../logging/logger.ts'
import { relayLines } from '../logging/relay-lines.ts'
import { metricsText, type Metrics, type MetricsSnapshot } from '../metrics/metrics.ts'
import { HandedConnections } from './handed-connections.ts'
import { BACKGROUND_MARK, PORT_MARK, type WatcherMessage, type WorkerMessage } from './messages.ts'

/** How long the slowest worker may take to tell its metrics. */
const METRICS_TIMEOUT_MS = 2_000
/** A worker that dies is replaced after this long, and later each time in a row, so that a broken start does not spin. */
const RESTART_DELAY_MS_MIN = 200
const RESTART_DELAY_MS_MAX = 30_000

interface WatcherOptions {
  readonly workers: number
  readonly log: Logger
  /** How long a worker may take to stop. */
  readonly stopTimeoutMs: number
  /** The watching process's own. */
  readonly metrics: Metrics
}

/** What a worker is for. */
type Role = 'requests' | 'background'

/**
 * Starts the workers, and one more for the background work of the store, replaces those that die, hands on signals, passes on their logs and adds up metrics. It reads
 * nothing of the store itself: what ends whoever reads it, such as a page that the disk cannot give, does not end the server.
 */
export class Watcher {
  readonly #options: WatcherOptions
  readonly #collections = new Map<number, MetricsCollection>()
  readonly #connections = new HandedConnections()
  #nextCollection = 0
  #isStarted = false
  #isStopping = false
  readonly #restartDelays: Record<Role, number> = {
    requests: RESTART_DELAY_MS_MIN,
    background: RESTART_DELAY_MS_MIN,
  }
  #background: Worker | null = null
  /** Where the first workers listen. */
  #port: number | null = null
  /** Whether a new worker is told the port: those that live and were not share the one that the system chose for them all. */
  #isPortTold = false

  constructor(options: WatcherOptions) {
    this.#options = options
    // Each worker's log comes through a pipe of its own. On a shared one no process could write without waiting: to start another that
    // inherits it, Node makes its writes wait.
    cluster.setupPrimary({ stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    cluster.on('message', (worker, message: WorkerMessage) => this.#hear(worker, message))
    cluster.on('exit', (worker, code, signal) => this.#replace(worker, signal || `code ${code}`))
  }

  /** Resolves with the address once every worker listens. Throws ConfigurationError or StartFailure when one cannot. */
  async start(): Promise<ListenAddress> {
    const addresses = await Promise.all(
      Array.from({ length: this.#options.workers }, () => firstWord(this.#startWorker('requests'))),
    )
    this.#isStarted = true
    const [address] = addresses
    if (!address) throw new Error('there is no worker')
    this.#port = address.port
    return address
  }

  /** Starts the background work of the store. To be called when the workers listen. */
  startBackground(): void {
    this.#startWorker('background')
  }

  /** Lets every worker read the TLS files again. */
  reloadTls(): void {
    this.#tellAll({ type: 'reload-tls' })
  }

  /** Lets every worker drain and stop; resolves when all are gone. One that takes longer than its drain timeout allows is killed. */
  async stop(): Promise<void> {
    this.#isStopping = true
    const timer = setTimeout(() => {
      for (const worker of liveWorkers()) worker.process.kill('SIGKILL')
    }, this.#options.stopTimeoutMs)
    const gone = liveWorkers().map(
      (worker) => new Promise<void>((resolve) => worker.process.once('close', () => resolve())),
    )
    this.#tellAll({ type: 'stop' })
    await Promise.all(gone)
    clearTimeout(timer)
  }

  #startWorker(role: Role): Worker {
    const worker = cluster.fork(role === 'background' ? { [BACKGROUND_MARK]: '1' } : this.#portForNext())
    this.#connections.watch(worker)
    if (role === 'background') this.#background = worker
    const startedAt = performance.now()
    // One that worked for long is no broken start; of those for requests the first word tells.
    worker.once('exit', () => {
      if (performance.now() - startedAt > RESTART_DELAY_MS_MAX)
        this.#restartDelays[role] = RESTART_DELAY_MS_MIN
    })
    if (worker.process.stderr) relayLines(worker.process.stderr, (line) => this.#options.log.relay(line))
    return worker
  }

  /** The system keeps a port that it chose for as long as some worker listens; when all ended at once, another would be chosen. */
  #portForNext(): Readonly<Record<string, string>> {
    if (this.#port === null) return {}
    const isAnyListening = liveWorkers().some((worker) => worker !== this.#background)
    this.#isPortTold ||= !isAnyListening
    return this.#isPortTold ? { [PORT_MARK]: String(this.#port) } : {}
  }

  #tellAll(message: WatcherMessage): void {
    for (const worker of liveWorkers()) tell(worker, message)
  }

  #hear(worker: Worker, message: WorkerMessage): void {
    if (message.type === 'metrics-wanted') void this.#answerMetrics(worker, message.id)
    else if (message.type === 'metrics-part') this.#collections.get(message.id)?.add(message.snapshot)
    else if (message.type === 'failed' && this.#isStarted)
      this.#options.log.error({ worker: worker.id }, `a worker could not start: ${message.message}`)
    else if (message.type === 'hearing') {
      // What is said to one that still starts is lost.
      if (this.#isStopping) tell(worker, { type: 'stop' })
    } else if (message.type === 'listening') {
      this.#restartDelays.requests = RESTART_DELAY_MS_MIN
      // The last one that had the port ended while this one started.
      if (this.#port !== null && message.address.port !== this.#port) worker.process.kill('SIGKILL')
    }
  }

  #replace(worker: Worker, how: string): void {
    if (this.#isStopping || !this.#isStarted) return
    const role = worker === this.#background ? 'background' : 'requests'
    const delayMs = this.#restartDelays[role]
    this.#restartDelays[role] = Math.min(delayMs * 2, RESTART_DELAY_MS_MAX)
    this.#options.log.error(
      { worker: worker.id, role, how, delayMs },
      'a worker ended; another takes its place',
    )
    // This may be all that keeps the process alive: all workers may have ended at once.
    setTimeout(() => this.#isStopping || this.#startWorker(role), delayMs)
  }

  async #answerMetrics(asker: Worker, questionId: number): Promise<void> {
    const workers = liveWorkers()
    const id = this.#nextCollection++
    const collection = new MetricsCollection(workers.length)
    this.#collections.set(id, collection)
    for (const worker of workers) tell(worker, { type: 'collect-metrics', id })
    const snapshots = await collection.complete(METRICS_TIMEOUT_MS)
    this.#collections.delete(id)
    const page = await metricsText([...snapshots, await this.#options.metrics.snapshot()])
    tell(asker, { type: 'metrics', id: questionId, ...page })
  }
}

/** Parts that come in one by one; what is not there in time is left out. */
class MetricsCollection {
  readonly #snapshots: MetricsSnapshot[] = []
  readonly #expected: number
  #onComplete: (() => void) | undefined

  constructor(expected: number) {
    this.#expected = expected
  }

  add(snapshot: MetricsSnapshot): void {
    this.#snapshots.push(snapshot)
    if (this.#snapshots.length === this.#expected) this.#onComplete?.()
  }

  async complete(timeoutMs: number): Promise<readonly MetricsSnapshot[]> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs)
      this.#onComplete = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    return this.#snapshots
  }
}

const liveWorkers = (): Worker[] =>
  Object.values(cluster.workers ?? {}).flatMap((worker) => (worker && !worker.isDead() ? [worker] : []))

function tell(worker: Worker, message: WatcherMessage): void {
  // A worker that is about to go does not hear it; without a callback that would be an error event.
  if (worker.isConnected()) worker.send(message, () => undefined)
}

/** Where a new worker listens. Throws ConfigurationError or StartFailure with its own words when it cannot start. */
function firstWord(worker: Worker): Promise<ListenAddress> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.type === 'listening') resolve(message.address)
      else if (message.type === 'failed')
        reject(
          message.isLasting ? new ConfigurationError(message.message) : new StartFailure(message.message),
        )
    })
    worker.once('exit', () => reject(new StartFailure('a worker ended before it listened; the log says why')))
  })
}
