import { addToCounterRow } from '../counter-row.ts'
import {
  StoreUnavailable,
  type Change,
  type CommitOutcome,
  type Key,
  type Version,
} from '../metadata-store.ts'
import { boundOf, bufferOf, copyOf } from './buffers.ts'
import type { Environment } from './environment.ts'

/** A version is the number of the engine's transaction times this, plus the change's place in it: no two states share one. */
const CHANGES_PER_TRANSACTION_MAX = 1024
/** One transaction takes further changes until their values reach this. */
const TRANSACTION_BYTES_MAX = 32 * 1024 * 1024

interface Waiting {
  readonly change: Change
  readonly valueBytes: number
  readonly resolve: (outcome: CommitOutcome) => void
  readonly reject: (error: StoreUnavailable) => void
}

/**
 * Group commit: the changes that arrive while one transaction is being synced go into the next one together, so that a sync is shared by
 * all writers waiting. The transaction is synced off the main thread. The queue is as long as there are callers waiting: whoever admits
 * requests bounds it.
 */
export class CommitQueue {
  readonly #environment: Environment
  #waiting: Waiting[] = []
  #running: Promise<void> | null = null

  constructor(environment: Environment) {
    this.#environment = environment
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

  /** Resolves when nothing is waiting or under way. */
  async drain(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) await this.#commitBatch(this.#takeBatch())
    this.#running = null
  }

  #takeBatch(): Waiting[] {
    let count = 0
    let bytes = 0
    for (const { valueBytes } of this.#waiting) {
      if (count > 0 && bytes + valueBytes > TRANSACTION_BYTES_MAX) break
      bytes += valueBytes
      if (++count === CHANGES_PER_TRANSACTION_MAX) break
    }
    return this.#waiting.splice(0, count)
  }

  async #commitBatch(batch: readonly Waiting[]): Promise<void> {
    let outcomes: CommitOutcome[]
    try {
      // A child transaction, because only that is undone whole when a write in it fails (disk full, say).
      outcomes = await this.#environment.childTransaction(() => {
        const firstVersion = this.#environment.getWriteTxnId() * CHANGES_PER_TRANSACTION_MAX
        return batch.map(({ change }, index) => this.#apply(change, firstVersion + index))
      })
    } catch (error) {
      const cause = await rootCauseOf(error)
      for (const { reject } of batch) reject(unavailable(cause))
      return
    }
    for (const [index, { resolve }] of batch.entries()) resolve(outcomes[index] ?? 'conflict')
  }

  /** Runs inside the write transaction, whose reads see the changes before this one. */
  #apply(change: Change, version: number): CommitOutcome {
    for (const check of change.checks ?? []) {
      if (this.#versionOf(check.key) !== check.version) return 'conflict'
    }
    for (const { start, end } of change.emptyRanges ?? []) {
      if (!this.#isEmpty(start, end)) return 'not-empty'
    }
    for (const key of change.deletes ?? []) this.#environment.removeSync(bufferOf(key))
    for (const { key, value } of change.sets ?? [])
      this.#environment.putSync(bufferOf(key), bufferOf(value), version)
    for (const { key, amounts } of change.adds ?? []) {
      const row = this.#environment.getBinaryFast(bufferOf(key))
      this.#environment.putSync(bufferOf(key), addToCounterRow(row ? copyOf(row) : null, amounts), version)
    }
    return 'ok'
  }

  #versionOf(key: Key): Version | null {
    return this.#environment.getEntry(bufferOf(key))?.version ?? null
  }

  #isEmpty(start: Key, end: Key): boolean {
    if (Buffer.compare(start, end) >= 0) return true
    const range = { start: boundOf(start), end: boundOf(end), limit: 1 }
    for (const _key of this.#environment.getKeys(range)) return false
    return true
  }
}

function unavailable(cause: unknown): StoreUnavailable {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StoreUnavailable(`the metadata store could not commit: ${reason}`, { cause })
}

/** The engine hides the reason of a failed commit behind a promise of its own. */
async function rootCauseOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error
  try {
    await error.commitError
    return error
  } catch (cause) {
    return cause
  }
}
