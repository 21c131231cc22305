import { diskCodeOf, isFull } from '../disk-failure.ts'
import {
  CommitUnknown,
  DamagedRecord,
  UnreadableRecord,
  type Change,
  type CommitOutcome,
  type Key,
  type StoreUnavailable,
} from '../metadata-store.ts'
import { boundOf } from './buffers.ts'
import { noteChanges } from './change-journal.ts'
import { assertInPlace, proveWritable, transact, type Environment } from './environment.ts'
import type { DataFile, FileState } from './data-file.ts'
import type { FileRoom } from './file-room.ts'
import type { LiveEnvironment } from './live-environment.ts'
import type { RowReader } from './row-reader.ts'
import { RowWriter } from './row-writer.ts'
import type { WriteState } from './write-state.ts'

/** A version is the number of the engine's transaction times this, plus the change's place in it: no two states share one. */
const CHANGES_PER_TRANSACTION_MAX = 1024
/** One transaction takes further changes until their values reach this. */
const TRANSACTION_BYTES_MAX = 32 * 1024 * 1024

/** A disk that has not answered a commit for so long is taken for one that fails: nobody waits for it any longer. */
const ANSWER_TIMEOUT_MS = 30_000

interface Waiting {
  readonly change: Change
  readonly valueBytes: number
  readonly resolve: (outcome: CommitOutcome) => void
  readonly reject: (error: StoreUnavailable) => void
}

/** How a transaction failed. */
interface Failure {
  readonly cause: unknown
  /** The engine's number of the transaction; null when it did not begin. */
  readonly transactionId: number | null
}

/**
 * Group commit: the changes that arrive while one transaction is being synced go into the next one together, so that a sync is shared by
 * all writers waiting. The transaction is synced off the main thread. The queue is as long as there are callers waiting: whoever admits
 * requests bounds it.
 *
 * After a transaction that failed the environment is opened anew before anything else is written: docs/decisions/failing-disks.md.
 */
export class CommitQueue {
  readonly #live: LiveEnvironment
  readonly #state: WriteState
  #waiting: Waiting[] = []
  /** Work that no commit of this process may be beside. */
  readonly #alone: (() => Promise<void>)[] = []
  #running: Promise<void> | null = null
  #transactionId: number | null = null
  #isProven = false
  /** Whether further changes may go along with the batch that is under way. */
  #takesMore = false
  /** One timer for all batches: it begins anew with each. */
  readonly #silence = setTimeout(() => this.#onSilence?.(), ANSWER_TIMEOUT_MS).unref()
  #onSilence: (() => void) | null = null
  readonly #room: FileRoom
  readonly #rows: RowReader

  constructor(
    live: LiveEnvironment,
    state: WriteState,
    { room, rows }: { readonly room: FileRoom; readonly rows: RowReader },
  ) {
    this.#live = live
    this.#state = state
    this.#room = room
    this.#rows = rows
  }

  /** Resolves when the change is on disk, or was refused. Rejects with StoreUnavailable. */
  commit(change: Change): Promise<CommitOutcome> {
    return new Promise((resolve, reject) => {
      let valueBytes = 0
      for (const { value } of change.sets ?? []) valueBytes += value.byteLength
      this.#waiting.push({ change, valueBytes, resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Does `work`, which writes by itself, while no commit of this process is under way; commits wait meanwhile. Rejects as `work` does. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#alone.push(() => work().then(resolve, reject))
      this.#running ??= this.#run()
    })
  }

  /** Commits what changes nothing, so that transactions are counted on. Rejects with StoreUnavailable. */
  async commitNothing(): Promise<void> {
    await this.alone(async () => {
      if (this.#state.lastingRefusal) throw this.#state.lastingRefusal
      await this.#live.write((opened) => proveWritable(opened, this.#room))
    })
  }

  /** Looks whether the disk takes writes again, when it did not. */
  async look(): Promise<void> {
    if (this.#running || this.#state.isWriting) return
    this.#running = this.#run()
    await this.#running
  }

  /** Resolves when nothing is waiting or under way. */
  async drain(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #run(): Promise<void> {
    // A process that took another's place after a write that failed must not fail in the same way at once: what fails here does so without harm.
    if (!this.#isProven || !this.#state.isWriting) await this.#state.tryAgain()
    this.#isProven = true
    while (this.#waiting.length > 0 || this.#alone.length > 0) {
      await this.#alone.shift()?.()
      if (!this.#state.isWriting) await this.#state.tryAgain()
      const batch = this.#admitted(this.#takeMore([]))
      if (batch.length > 0) await this.#commitBatch(batch)
    }
    this.#running = null
  }

  /** Takes, from those who wait, who fits into a transaction with these. */
  #takeMore(batch: readonly Waiting[]): Waiting[] {
    if (this.#waiting.length === 0) return []
    const before = batch.length
    let count = before
    let bytes = batch.reduce((sum, { valueBytes }) => sum + valueBytes, 0)
    if (count >= CHANGES_PER_TRANSACTION_MAX) return []
    for (const { valueBytes } of this.#waiting) {
      if (count > 0 && bytes + valueBytes > TRANSACTION_BYTES_MAX) break
      bytes += valueBytes
      if (++count === CHANGES_PER_TRANSACTION_MAX) break
    }
    return this.#waiting.splice(0, count - before)
  }

  /** The changes that may be written now; the others are refused. */
  #admitted(batch: Waiting[]): Waiting[] {
    if (this.#state.isWriting && !this.#rows.guard.isOn) return batch
    return batch.filter(({ change, valueBytes, reject }) => {
      const refusal = this.#state.refusalOf(usesReserve(change), valueBytes) ?? this.#unreadableIn(change)
      if (refusal) reject(refusal)
      return refusal === null
    })
  }

  /** What a change is about to touch is read beforehand, where it fails nobody else's. */
  #unreadableIn(change: Change): StoreUnavailable | null {
    const { guard } = this.#rows
    if (!guard.isOn) return null
    const refusal = guard.refusalOf(change)
    if (refusal) return refusal
    try {
      readAhead(this.#live.current, change, this.#rows)
      return null
    } catch (error) {
      // An environment that failed is opened anew for the commit, which tells what it meets.
      return error instanceof UnreadableRecord ? error : null
    }
  }

  async #commitBatch(batch: Waiting[]): Promise<void> {
    let outcomes: CommitOutcome[]
    this.#transactionId = null
    this.#takesMore = true
    const committing = this.#transact(batch)
    try {
      outcomes = await this.#inTime(committing)
    } catch (cause) {
      if (cause instanceof NoResponse) await this.#giveUp(batch, committing)
      else await this.#recover(batch, { cause, transactionId: this.#transactionId })
      return
    }
    this.#state.noteSuccess()
    for (const [index, { resolve }] of batch.entries()) resolve(outcomes[index] ?? 'conflict')
  }

  /** Adds to `batch` who came until the transaction began. */
  async #transact(batch: Waiting[]): Promise<CommitOutcome[]> {
    return await this.#live.write(async (opened) => {
      const { environment, file } = opened
      return await transact(environment, () => {
        const state = assertInPlace(opened)
        const transactionId = state.transactionId + 1
        this.#transactionId = transactionId
        if (this.#takesMore) batch.push(...this.#admitted(this.#takeMore(batch)))
        const changes = batch.map(({ change }) => change)
        this.#makeRoom(file, changes, state)
        const firstVersion = transactionId * CHANGES_PER_TRANSACTION_MAX
        const { guard } = this.#rows
        const rows = new RowWriter(environment, { pageBytes: file.pageBytes, guard })
        const outcomes = changes.map((change, index) => {
          return apply({ environment, rows }, change, firstVersion + index)
        })
        noteChanges(file, rows.changed)
        return outcomes
      })
    })
  }

  /** Throws {@link NoRoom}, before anything is written. */
  #makeRoom(file: DataFile, changes: readonly Change[], state: FileState): void {
    try {
      this.#room.makeFor(file, changes, state)
    } catch (error) {
      // Pages that were freed are as good as new ones.
      if (isFull(diskCodeOf(error)) && this.#state.hasFreePages(2 * this.#room.bytesFor(changes))) return
      throw new NoRoom(error)
    }
  }

  /** Opens the environment anew. What removes something is tried again on a full disk, with a part of the reserve; all else is told that it failed. */
  async #recover(batch: readonly Waiting[], { cause, transactionId }: Failure): Promise<void> {
    if (!(cause instanceof NoRoom)) await this.#live.reopen(cause)
    const isUndone =
      cause instanceof NoRoom || (transactionId !== null && this.#lastTransactionId() < transactionId)
    const isFull = await this.#state.noteFailure(cause)
    const again: Waiting[] = []
    for (const waiting of batch) {
      const { change, valueBytes, reject } = waiting
      if (isFull && isUndone) {
        if (usesReserve(change)) again.push(waiting)
        else reject(this.#state.fullFor(valueBytes, cause))
      } else reject(unknown(cause))
    }
    if (again.length === 0) return
    if (await this.#state.giveUpSome()) this.#waiting.unshift(...again)
    else for (const { valueBytes, reject } of again) reject(this.#state.fullFor(valueBytes, cause))
  }

  /** As `committing`; rejects with {@link NoResponse} when that takes too long. */
  #inTime<T>(committing: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#onSilence = () => reject(new NoResponse())
      this.#silence.refresh()
      committing.then(resolve, reject)
    })
  }

  /** Nobody waits for this batch any longer; the queue goes on when it is over, however it ends. */
  async #giveUp(batch: readonly Waiting[], committing: Promise<unknown>): Promise<void> {
    this.#state.noteSilence()
    // Nobody would tell those who go along what became of them.
    this.#takesMore = false
    const cause = new NoResponse()
    for (const { reject } of [...batch, ...this.#waiting.splice(0)]) reject(unknown(cause))
    const refusing = setInterval(() => {
      for (const { reject } of this.#waiting.splice(0)) reject(unknown(cause))
    }, REFUSE_INTERVAL_MS)
    await committing.catch((error: unknown) => this.#live.reopen(error))
    clearInterval(refusing)
  }

  /** The number of the last transaction that is in the file; Infinity when that cannot be told. */
  #lastTransactionId(): number {
    try {
      const stats: { lastTxnId?: unknown } = this.#live.current.getStats()
      return typeof stats.lastTxnId === 'number' ? stats.lastTxnId : Infinity
    } catch {
      return Infinity
    }
  }
}

/** There was no room for a transaction, of which nothing was written. `cause`: the system's error. */
class NoRoom extends Error {
  override readonly name = 'NoRoom'

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/** While a disk is silent those who come are refused after so long. */
const REFUSE_INTERVAL_MS = 250

class NoResponse extends Error {
  constructor() {
    super(`the disk has not answered for ${ANSWER_TIMEOUT_MS / 1_000} seconds`)
  }
}

/** Reads what the change is about to touch, row by row, so that what ends the process is known. */
function readAhead(environment: Environment, change: Change, rows: RowReader): void {
  const { checks = [], sets = [], deletes = [], adds = [] } = change
  for (const key of [...[...checks, ...sets, ...adds].map((each) => each.key), ...deletes]) {
    try {
      rows.get(environment, key, {})
    } catch (error) {
      // It may be written over, or go.
      if (!(error instanceof DamagedRecord)) throw error
    }
  }
}

/** Runs inside the write transaction, whose reads see the changes before this one. */
function apply(
  { environment, rows }: { readonly environment: Environment; readonly rows: RowWriter },
  change: Change,
  version: number,
): CommitOutcome {
  for (const check of change.checks ?? []) {
    if (rows.versionOf(check.key) !== check.version) return 'conflict'
  }
  for (const { start, end } of change.emptyRanges ?? []) {
    if (!isEmpty(environment, start, end)) return 'not-empty'
  }
  for (const key of change.deletes ?? []) rows.delete(key)
  for (const [place, { key, value }] of (change.sets ?? []).entries())
    rows.set(key, value, { version, place })
  for (const { key, amounts } of change.adds ?? []) rows.add(key, amounts, version)
  return 'ok'
}

function isEmpty(environment: Environment, start: Key, end: Key): boolean {
  if (Buffer.compare(start, end) >= 0) return true
  const range = { start: boundOf(start), end: boundOf(end), limit: 1 }
  for (const _key of environment.getKeys(range)) return false
  return true
}

const usesReserve = ({ usesReserve: isSaid, deletes = [] }: Change): boolean => isSaid ?? deletes.length > 0

function unknown(cause: unknown): StoreUnavailable {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new CommitUnknown(`the metadata store could not commit: ${reason}`, { cause })
}
