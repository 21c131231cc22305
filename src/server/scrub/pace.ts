import { setTimeout as sleep } from 'node:timers/promises'

/** Work is gathered until it took so long, or read so much, before a pause. */
const WORK_MS_MIN = 5
const WORK_BYTES_MAX = 1024 * 1024
/** A read that takes so many times as long as others did shows that somebody else wants the disk. */
const SLOW_FACTOR = 4
/** How much of a pause this process may be busy with requests; beyond, it is made again. */
const BUSY_SHARE = 0.3
const PAUSES_MAX = 8
const PAUSE_MS_MAX = 10_000

interface PaceOptions {
  /** Percent of the time in which the disk is read from. */
  readonly sharePercent: number
  readonly signal?: AbortSignal
  /** For tests. */
  readonly pause?: (pauseMs: number) => Promise<void>
}

/**
 * Keeps long reading to a share of the disk: after each piece of work it pauses in proportion to the time that it took. On a disk that others
 * use a read takes longer, and so does the pause; it is longer still where reads are much slower than they were at their best, or while this process
 * answers requests.
 */
export class Pace {
  readonly #options: PaceOptions
  #workMs = 0
  #bytes = 0
  /** The best that was seen, in milliseconds for a megabyte. */
  #bestRate = Infinity

  constructor(options: PaceOptions) {
    this.#options = options
  }

  /** To be told of work that is done; pauses when it is time to. Ends early when the signal aborts. */
  async spend(workMs: number, bytes: number): Promise<void> {
    this.#workMs += workMs
    this.#bytes += bytes
    if (this.#workMs < WORK_MS_MIN && this.#bytes < WORK_BYTES_MAX) return
    const pauseMs = this.#pauseMs()
    this.#workMs = 0
    this.#bytes = 0
    if (pauseMs > 0) await this.#pause(pauseMs)
  }

  #pauseMs(): number {
    const { sharePercent } = this.#options
    const rate = (this.#workMs * WORK_BYTES_MAX) / Math.max(this.#bytes, 4_096)
    const isSlow = rate > SLOW_FACTOR * this.#bestRate
    this.#bestRate = Math.min(this.#bestRate, rate)
    const pauseMs = this.#workMs * (100 / sharePercent - 1) * (isSlow ? 2 : 1)
    return Math.min(PAUSE_MS_MAX, pauseMs)
  }

  async #pause(pauseMs: number): Promise<void> {
    const { pause, signal } = this.#options
    if (pause) return await pause(pauseMs)
    for (let round = 0; round < PAUSES_MAX && signal?.aborted !== true; round++) {
      const before = performance.eventLoopUtilization()
      await sleep(pauseMs, undefined, signal ? { signal } : {}).catch(() => undefined)
      if (performance.eventLoopUtilization(before).utilization < BUSY_SHARE) return
    }
  }
}
