import { StoreUnavailable } from '../metadata-store.ts'
import { openEnvironment, reopenEnvironment, type Environment } from './environment.ts'

/** In the engine's message that an environment failed and can no longer be used; the number of such an error differs from call to call. */
const PANIC = 'MDB_PANIC'
/** Reads that meet one failed commit after the other give up after so many. */
const READ_ATTEMPTS_MAX = 10
/** Whoever waits for the end of an environment waits for this long at most: a write that never ends must not keep it from being replaced. */
const CLOSE_TIMEOUT_MS = 2_000

/**
 * The environment in use. After a failed commit the engine's own state is not to be trusted, so it is closed and the file opened again: what was committed is
 * in the file, and nothing else. Reads wait for that; it takes about a millisecond.
 */
export class LiveEnvironment {
  readonly folder: string
  #environment: Environment | null
  #isWritable = true
  #isClosed = false
  #reopening: Promise<void> | null = null

  /** Called before the environment in use ends: whoever holds something of it lets go. */
  readonly onEnd = new Set<() => void>()

  readonly #onUnusable: OnUnusable

  /** Throws StoreOpenError. */
  constructor(folder: string, onUnusable: OnUnusable = () => undefined) {
    this.folder = folder
    this.#onUnusable = onUnusable
    this.#environment = openEnvironment(folder)
  }

  /** Throws StoreUnavailable while the file cannot be opened. */
  get current(): Environment {
    if (this.#environment) return this.#environment
    if (this.#isClosed) throw new StoreUnavailable('the metadata store is closed')
    throw new StoreUnavailable('the metadata store could not be opened again after its disk failed')
  }

  /** Whether it was opened for writing. */
  get isWritable(): boolean {
    return this.#isWritable
  }

  /** Set while the environment is replaced. */
  get reopening(): Promise<void> | null {
    return this.#reopening
  }

  /** Closes the environment and opens the file again, because of `cause`; never rejects. */
  reopen(cause?: unknown): Promise<void> {
    const length = messageLength(cause)
    if (length !== null)
      this.#onUnusable('a page of the metadata could not be written', length >= MESSAGE_BYTES_MAX)
    this.#reopening ??= this.#replace().finally(() => (this.#reopening = null))
    return this.#reopening
  }

  /**
   * Reads with the environment, all in one turn. A failed commit makes the environment useless before anybody hears of it: the read is then made again with
   * the next one. Throws StoreUnavailable.
   */
  async read<T>(read: (environment: Environment) => T): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      if (this.#reopening) await this.#reopening
      try {
        return read(this.startReading())
      } catch (error) {
        if (!isPanic(error)) throw error
        if (attempt === READ_ATTEMPTS_MAX)
          throw new StoreUnavailable('the disk keeps failing', { cause: error })
        await this.reopen(error)
      }
    }
  }

  /** To be called when nothing is written any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#reopening) await this.#reopening
    await this.#end()
  }

  /** Lets go of the read transaction that the engine would use again within a turn: another process may have committed since. */
  startReading(): Environment {
    const environment = this.current
    environment.resetReadTxn()
    return environment
  }

  async #replace(): Promise<void> {
    await this.#end()
    if (this.#isClosed) return
    try {
      const opened = reopenEnvironment(this.folder)
      this.#environment = opened.environment
      this.#isWritable = opened.isWritable
    } catch {
      // Whoever reads or writes is told; it is tried again before the next write.
      this.#isWritable = false
    }
  }

  async #end(): Promise<void> {
    const environment = this.#environment
    this.#environment = null
    if (!environment) return
    for (const end of this.onEnd) end()
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)))
    await Promise.race([environment.close().catch(() => undefined), tooLong])
    clearTimeout(timer)
  }
}

const isPanic = (error: unknown): boolean => error instanceof Error && error.message.includes(PANIC)

/**
 * Of a page that could not be written the engine tells in 100 bytes that it has for that, with numbers that are sometimes longer: what it wrote beyond them was
 * something else's. It ends in our message. Gives the length; null for an error of another kind.
 */
function messageLength(cause: unknown): number | null {
  if (!(cause instanceof Error)) return null
  const at = cause.message.indexOf('Attempting to write page')
  return at < 0 ? null : cause.message.length - at
}

/** The allocator gives 104 for 100; the last one ends the text. */
const MESSAGE_BYTES_MAX = 104

/** Told why the memory of this process may be damaged, and whether it certainly is. */
export type OnUnusable = (why: string, isCertain: boolean) => void
