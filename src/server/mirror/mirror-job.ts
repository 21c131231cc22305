import type { ServiceContext } from '../../service/context.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { StartFailure } from '../configuration/errors.ts'
import type { Job } from '../jobs/job.ts'
import type { Logger } from '../logging/logger.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { TargetTaken } from '../backup/target-lock.ts'
import { Mirror } from './mirror.ts'
import { limitNotes } from './note-limit.ts'

/** Whoever finds the mirror taken by another process looks again after so long. */
const TAKEN_RETRY_MS = 30_000
/** A mirror that failed is tried again at its next time, then after twice as long each time, and this at most: the first round behind a failure compares everything. */
const FAILED_RETRY_MS_MAX = 5 * 60_000
/** So often it is looked how much waits for the mirror, whether that answers or not. */
const NOTES_INTERVAL_MS = 60_000

interface MirrorJobOptions {
  readonly context: ServiceContext
  readonly settings: Pick<SettingValues, 'mirror' | 'mirrorIntervalSeconds' | 'mirrorKeep'>
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  readonly metrics: Pick<Metrics, 'setMirrorLag'>
}

/** Keeps the mirror near: one process of those that share the store, the one that has the mirror's lock. */
export class MirrorJob {
  readonly #options: MirrorJobOptions
  #mirror: Mirror | null = null
  #retryAt = -Infinity
  #failures = 0
  /** Epoch milliseconds: since when the mirror has not taken over what changed; null: it does, or another process sees to it. */
  #behindSince: number | null = null

  constructor(options: MirrorJobOptions) {
    this.#options = options
  }

  /** For the process that does the store's work; none without a mirror. */
  get jobs(): readonly Job[] {
    const { mirror, mirrorIntervalSeconds } = this.#options.settings
    if (mirror === null) return []
    return [
      {
        name: 'mirror',
        intervalMs: mirrorIntervalSeconds * 1_000,
        scope: 'process',
        isDoneAtStop: true,
        run: (signal, isAtStop) => this.#run(signal, isAtStop),
      },
      {
        name: 'limit-mirror-notes',
        intervalMs: NOTES_INTERVAL_MS,
        scope: 'process',
        run: () => this.#limitNotes(),
      },
    ]
  }

  /** Gives the mirror up, for another process to go on. */
  async close(): Promise<void> {
    await this.#mirror?.close()
    this.#mirror = null
  }

  async #run(signal: AbortSignal, isAtStop = false): Promise<void> {
    const { context, settings, log, metrics } = this.#options
    if (isAtStop && !this.#mirror) return
    const startedAt = context.clock.now()
    try {
      const mirror = (this.#mirror ??= await this.#open())
      if (!mirror) {
        this.#showLag()
        return
      }
      // A comparison may take hours, which no stop waits for.
      const { isWhole, records, blobs, reason } = await mirror.round(signal, isAtStop)
      if (reason === 'others')
        log.warn(
          { records, blobs },
          'another server of the store has another mirror, or was started without one, so everything was compared: give all of them the same',
        )
      else if (isWhole) log.info({ records, blobs }, 'the mirror was compared with the store')
      metrics.setMirrorLag(0, context.clock.now())
      this.#behindSince = null
      if (this.#failures > 0) log.info({}, 'the mirror is near again')
      this.#failures = 0
    } catch (error) {
      this.#behindSince ??= this.#mirror?.oldestAt ?? startedAt
      this.#showLag()
      if (signal.aborted) throw error
      if (this.#failures === 0)
        log.error({ error, sinceMs: startedAt }, 'the mirror could not be brought near; it is tried again')
      const intervalMs = settings.mirrorIntervalSeconds * 1_000
      this.#retryAt = performance.now() + Math.min(FAILED_RETRY_MS_MAX, intervalMs * 2 ** this.#failures)
      this.#failures = Math.min(this.#failures + 1, 16)
      // The lock may be another's by now.
      await this.close()
      throw error
    }
  }

  #showLag(): void {
    const { context, metrics } = this.#options
    if (this.#behindSince !== null)
      metrics.setMirrorLag((context.clock.now() - this.#behindSince) / 1_000, null)
  }

  async #limitNotes(): Promise<void> {
    const notes = await limitNotes(this.#options.context.metadata)
    if (notes > 0)
      this.#options.log.warn(
        { notes },
        'the mirror is far behind: what was noted for it was dropped, and everything will be compared',
      )
  }

  async #open(): Promise<Mirror | null> {
    const { context, settings, log } = this.#options
    if (performance.now() < this.#retryAt) return null
    try {
      return await Mirror.open({
        context,
        to: settings.mirror ?? '',
        retention: settings.mirrorKeep,
        onDamage: (what) =>
          log.error({ what }, 'the mirror keeps an older copy of something that is damaged'),
      })
    } catch (error) {
      if (!(error instanceof StartFailure)) throw error
      this.#retryAt = performance.now() + TAKEN_RETRY_MS
      this.#behindSince = error instanceof TargetTaken ? null : (this.#behindSince ?? context.clock.now())
      log.warn({ error }, 'the mirror is not to be had; another process may keep it near')
      return null
    }
  }
}
