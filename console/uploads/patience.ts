import { ApiError, isAborted } from '../api/api-error.ts'

const WAIT_MS_MIN = 1_000
const WAIT_MS_MAX = 30_000

/** Refusals that pass by themselves: two writes of a key met. */
const PASSING_CODES = new Set([
  'ConditionalRequestConflict',
  'OperationAborted',
  'RequestTimeout',
  'SlowDown',
])

/** Statuses of a server, or of a proxy before it, that is busy or going away. */
const PASSING_STATUSES = new Set([429, 500, 502, 503, 504])

/** Whether a trouble is one of the server or the way to it, and passes while one waits: a full disk does not. */
const isPassing = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.code === 'Unreachable' || PASSING_STATUSES.has(error.status) || PASSING_CODES.has(error.code))

/** Waits for a server that went away, for all uploads together: with growing waits, at once when the network is back or a person says so, and for ever. */
export class Patience {
  #failures = 0
  #retryAt: number | null = null
  #wakers = new Set<() => void>()
  readonly #onChange: () => void

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  /** When the server is tried again, epoch milliseconds; null: it answers. */
  get retryAt(): number | null {
    return this.#retryAt
  }

  /** Does something, again and again while the server is away. */
  async insist<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      signal.throwIfAborted()
      try {
        const result = await work()
        this.#failures = 0
        this.#clear()
        return result
      } catch (error) {
        if (isAborted(error) || !isPassing(error)) throw error
        await this.#wait(signal)
      }
    }
  }

  /** Tries again now. */
  wake(): void {
    for (const waker of [...this.#wakers]) waker()
  }

  async #wait(signal: AbortSignal): Promise<void> {
    if (this.#retryAt === null || this.#retryAt <= Date.now()) {
      const waitMs = Math.min(WAIT_MS_MAX, WAIT_MS_MIN * 2 ** this.#failures++)
      this.#retryAt = Date.now() + waitMs
      this.#onChange()
    }
    const leftMs = this.#retryAt - Date.now()
    await new Promise<void>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer)
        this.#wakers.delete(wake)
        signal.removeEventListener('abort', abort)
      }
      const wake = (): void => {
        end()
        resolve()
      }
      const abort = (): void => {
        end()
        reject(signal.reason as Error)
      }
      const timer = setTimeout(wake, leftMs)
      this.#wakers.add(wake)
      signal.addEventListener('abort', abort)
    })
  }

  #clear(): void {
    if (this.#retryAt === null) return
    this.#retryAt = null
    this.wake()
    this.#onChange()
  }
}
