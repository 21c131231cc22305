import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreReadOnly, StoreUnavailable } from '../metadata-store.ts'
import {
  FILE_NAME,
  hiddenPartsOf,
  openEnvironment,
  OutOfPlace,
  reopenEnvironment,
  type Environment,
  type HiddenParts,
  type OpenedEnvironment,
} from './environment.ts'
import { LOCK_SUFFIX, removeLeftovers } from './leftovers.ts'
import { TransactionCount } from './transaction-count.ts'
import { WriteTurn } from './write-turn.ts'

/** In the engine's message that an environment failed and can no longer be used; the number of such an error differs from call to call. */
const PANIC = 'MDB_PANIC'
/** Reads that meet one failed commit after the other give up after so many. */
const READ_ATTEMPTS_MAX = 10
/** Writes that find another file in the place of theirs again and again. */
const WRITE_ATTEMPTS_MAX = 20
/** Whoever waits for the end of an environment waits for this long at most: a write that never ends must not keep it from being replaced. */
const CLOSE_TIMEOUT_MS = 2_000

/**
 * The environment in use. After a failed commit the engine's own state is not to be trusted, so it is closed and the file opened again: what was committed is
 * in the file, and nothing else. The same is done when another file took the place of this one, in a compaction (docs/decisions/compaction.md). Reads wait for that; it takes about a millisecond.
 */
export class LiveEnvironment {
  readonly folder: string
  #opened: OpenedEnvironment | null
  #count: TransactionCount
  #isWritable = true
  #hidden: HiddenParts
  #isClosed = false
  #reopening: Promise<void> | null = null
  #writing: Promise<unknown> | null = null
  #mark: { readonly environment: Environment; readonly transaction: number } | null = null
  #isNameSynced = false
  readonly #turn: WriteTurn

  /** Called before the environment in use ends: whoever holds something of it lets go. */
  readonly onEnd = new Set<() => void>()

  readonly #onUnusable: OnUnusable

  /** Throws StoreOpenError. */
  constructor(folder: string, onUnusable: OnUnusable = () => undefined) {
    this.folder = folder
    this.#onUnusable = onUnusable
    this.#hidden = hiddenPartsOf(folder)
    this.#opened = openEnvironment(folder, this.#hidden)
    this.#count = new TransactionCount(this.#opened.file.path + LOCK_SUFFIX)
    this.#turn = new WriteTurn(this.#opened.file.path)
  }

  /** The environment and its file. Throws StoreUnavailable while the file cannot be opened. */
  get opened(): OpenedEnvironment {
    if (this.#opened) return this.#opened
    if (this.#isClosed) throw new StoreUnavailable('the metadata store is closed')
    throw new StoreUnavailable('the metadata store could not be opened again after its disk failed')
  }

  /** Throws StoreUnavailable while the file cannot be opened. */
  get current(): Environment {
    return this.opened.environment
  }

  /** Whether it was opened for writing. */
  get isWritable(): boolean {
    return this.#isWritable
  }

  /** What of the file could not be read when it was opened; it is written no more then. */
  get hidden(): HiddenParts {
    return this.#hidden
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

  /** Opens the file that took the place of this one, if one did, or this one, where that failed before; never rejects. What waits for the lock of writers meanwhile ends first, by itself. */
  async follow(): Promise<void> {
    if (!this.#opened && !this.#isClosed) {
      await this.reopen()
      return
    }
    if (this.#opened?.file.place.isHeld !== false) return
    this.#reopening ??= this.#replaceAfterWriting().finally(() => (this.#reopening = null))
    await this.#reopening
  }

  /**
   * Writes with the environment, in a transaction that begins with {@link assertInPlace}, and again with another one when that fails. While it goes on the file is not left for another one: two
   * environments of one process would share, and lose, the engine's lock that keeps its table of readers. Rejects as `write` does.
   */
  async write<T>(write: (opened: OpenedEnvironment) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      if (this.#reopening) await this.#reopening
      await this.follow()
      try {
        return await this.#write(write)
      } catch (error) {
        if (!(error instanceof OutOfPlace) || attempt === WRITE_ATTEMPTS_MAX) throw error
        await this.reopen()
      }
    }
  }

  /**
   * Reads with the environment, all in one turn. A failed commit makes the environment useless before anybody hears of it, and a compaction makes its file the wrong one: the
   * read is then made again with the next one. Throws StoreUnavailable.
   */
  async read<T>(read: (environment: Environment) => T): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      if (this.#reopening) await this.#reopening
      try {
        const environment = this.startReading()
        const result = read(environment)
        if (this.opened.file.place.isHeld) return result
      } catch (error) {
        if (!isPanic(error)) throw error
        if (attempt === READ_ATTEMPTS_MAX)
          throw new StoreUnavailable('the disk keeps failing', { cause: error })
        await this.reopen(error)
        continue
      }
      if (attempt === READ_ATTEMPTS_MAX)
        throw new StoreUnavailable('the file of the metadata is replaced again and again')
      await this.follow()
    }
  }

  /**
   * The same object for as long as reads see the same state. Null while this process writes, since what reads a single value may then see what is not
   * committed, and while the environment is replaced.
   */
  stateMark(): object | null {
    if (this.#writing || this.#reopening || !this.#opened) return null
    try {
      const environment = this.current
      const transaction = this.#count.read()
      if (Number.isNaN(transaction) || !this.opened.file.place.isHeld) return null
      const mark = this.#mark
      if (mark?.environment === environment && mark.transaction === transaction) return mark
      return (this.#mark = { environment, transaction })
    } catch {
      // A read that follows meets the same, and tells it.
      return null
    }
  }

  /** Removes what a compaction left that was killed. Never throws: it is tried again. */
  removeLeftovers(): void {
    try {
      removeLeftovers(join(this.folder, FILE_NAME))
    } catch {
      // They take room, and do no harm.
    }
  }

  /** To be called when nothing is written any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#reopening) await this.#reopening
    await this.#end()
    this.#turn.close()
  }

  /** Lets go of the read transaction that the engine would use again within a turn: another process may have committed since. */
  startReading(): Environment {
    const environment = this.current
    environment.resetReadTxn()
    return environment
  }

  async #write<T>(write: (opened: OpenedEnvironment) => Promise<T>): Promise<T> {
    const writing = this.#writeInTurn(write)
    this.#writing = writing
    try {
      return await writing
    } finally {
      this.#turn.end()
      if (this.#writing === writing) this.#writing = null
    }
  }

  async #writeInTurn<T>(write: (opened: OpenedEnvironment) => Promise<T>): Promise<T> {
    await this.#turn.begin()
    // Not before: a file that is in its place now stays there, for this process, until its turn is over or another one has the engine's lock of writers.
    if (!this.opened.file.place.isHeld) throw new OutOfPlace('another file took the place of this one')
    // Before anything is committed to a file its name is to be on the disk: whoever put it in its place may have been killed in between.
    if (!this.#isNameSynced) await syncNames(this.folder)
    this.#isNameSynced = true
    if (!this.#isWritable) throw new StoreReadOnly('the metadata could be opened for reading alone')
    return await write(this.opened)
  }

  async #replaceAfterWriting(): Promise<void> {
    while (this.#writing) await this.#writing.catch(() => undefined)
    await this.#replace()
  }

  async #replace(): Promise<void> {
    await this.#end()
    if (this.#isClosed) return
    try {
      this.#hidden = hiddenPartsOf(this.folder)
      const { isWritable, ...opened } = await reopenEnvironment(this.folder)
      this.#opened = opened
      this.#count = new TransactionCount(opened.file.path + LOCK_SUFFIX)
      this.#isWritable = isWritable
      this.#isNameSynced = false
    } catch {
      // Whoever reads or writes is told; it is tried again before the next write.
      this.#isWritable = false
    }
  }

  async #end(): Promise<void> {
    const opened = this.#opened
    this.#opened = null
    if (!opened) return
    for (const end of this.onEnd) end()
    opened.file.close()
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)))
    await Promise.race([opened.environment.close().catch(() => undefined), tooLong])
    clearTimeout(timer)
  }
}

async function syncNames(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
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
