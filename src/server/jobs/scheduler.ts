import { monotonicMs, type Clock, type MonotonicClock } from '../../base/clock.ts'
import type { ExchangeLog } from '../../base/exchange.ts'
import type { MetadataStore } from '../../storage/metadata-store.ts'
import { JobTurns } from './job-turn.ts'
import type { Job } from './job.ts'

interface SchedulerOptions {
  readonly jobs: readonly Job[]
  readonly clock: Clock
  /** What intervals are counted by. Default: the process's own. */
  readonly monotonicMs?: MonotonicClock
  /** Where processes that share the store agree on whose turn it is. */
  readonly metadata: MetadataStore
  readonly log: ExchangeLog
  /** Names this process to the others. */
  readonly processId: string
  readonly onRun?: (job: string, outcome: 'ok' | 'error', durationMs: number) => void
}

const TICK_MS = 500
/** A start is for answering requests; background work waits this long, or its interval when that is shorter. */
const FIRST_RUN_DELAY_MS = 10_000

/**
 * Does each job when it is due: never twice at once in this process, and never at the cost of the process. Intervals go by uptime, so that a clock that is set
 * neither hurries nor stops them.
 */
export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #dueAt = new Map<Job, number>()
  readonly #running = new Map<Job, Promise<void>>()
  readonly #stopping = new AbortController()
  readonly #monotonicMs: MonotonicClock
  readonly #turns: JobTurns
  #timer: NodeJS.Timeout | undefined

  constructor(options: SchedulerOptions) {
    this.#options = options
    this.#monotonicMs = options.monotonicMs ?? monotonicMs
    this.#turns = new JobTurns({ ...options, monotonicMs: this.#monotonicMs })
    const now = this.#monotonicMs()
    for (const job of options.jobs) {
      this.#dueAt.set(job, now + Math.min(job.intervalMs, FIRST_RUN_DELAY_MS))
    }
  }

  /** Looks whether something is due from now on. */
  start(): void {
    this.#timer = setInterval(() => void this.runDue(), TICK_MS)
    this.#timer.unref()
  }

  /** Resolves when none of the jobs that run now runs any more. */
  async settle(): Promise<void> {
    await Promise.all(this.#running.values())
  }

  /** Starts what is due; resolves when that is done. */
  async runDue(): Promise<void> {
    const now = this.#monotonicMs()
    const started: Promise<void>[] = []
    for (const [job, dueAt] of this.#dueAt) {
      if (now < dueAt || this.#running.has(job)) continue
      this.#dueAt.set(job, now + job.intervalMs)
      const run = this.#run(job).finally(() => this.#running.delete(job))
      this.#running.set(job, run)
      started.push(run)
    }
    await Promise.all(started)
  }

  /** Aborts what runs, waits for it, then does the jobs that are to be done at the end. Never rejects. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#stopping.abort()
    await Promise.all(this.#running.values())
    for (const job of this.#options.jobs) {
      if (job.isDoneAtStop === true) await this.#attempt(job, new AbortController().signal, true)
    }
  }

  async #run(job: Job): Promise<void> {
    if (job.scope === 'store' && !(await this.#takeTurn(job))) return
    await this.#attempt(job, this.#stopping.signal)
  }

  async #takeTurn(job: Job): Promise<boolean> {
    try {
      return await this.#turns.take(job.name, job.intervalMs)
    } catch (error) {
      this.#options.log.warn(
        { error, job: job.name },
        'whose turn a job is could not be told; it waits for its next time',
      )
      return false
    }
  }

  async #attempt(job: Job, signal: AbortSignal, isAtStop = false): Promise<void> {
    const startedAt = performance.now()
    const finish = (outcome: 'ok' | 'error'): void =>
      this.#options.onRun?.(job.name, outcome, performance.now() - startedAt)
    try {
      await job.run(signal, isAtStop)
      finish('ok')
    } catch (error) {
      if (signal.aborted) return
      this.#options.log.error({ error, job: job.name }, 'a job failed; it is tried again at its next time')
      finish('error')
    }
  }
}
