import type { Clock } from '../../base/clock.ts'
import { readTextPart } from '../../base/key.ts'
import type { ProcessLedger } from '../../service/blobs/process-ledger.ts'
import { blobReferencesRange } from '../../service/keyspace.ts'
import type { BlobEntry, BlobId } from '../../storage/blob-store.ts'
import { StoreUnavailable, type DamagedRecord } from '../../storage/metadata-store.ts'
import { mergeAscending, compareText, type StoreEngines } from '../store/store-content.ts'
import {
  DAMAGE_NAMED_MAX,
  listStates,
  writeState,
  type BackupState,
  type Damage,
  type UnreadableState,
} from './backup-state.ts'
import { cleanTarget, type Cleaning } from './clean-target.ts'
import { copyBlobs } from './copy-blobs.ts'
import { foldedRuns, mergeRuns } from './merge-runs.ts'
import { newStateId, targetBlobId } from './names.ts'
import { recordChanges } from './record-changes.ts'
import type { Retention } from './retention.ts'
import type { RunInfo } from './run-format.ts'
import { writeRun } from './run-writer.ts'
import { TargetLock } from './target-lock.ts'
import { claimTarget, type BackupTarget } from './target.ts'
import { storedBlobs } from './target-content.ts'

/** A state is read from so many runs at most: more are made one. */
const RUNS_MAX = 12
/** Changes that reach this share of all records make the next state begin anew. */
const CHANGES_SHARE_MAX = 0.5

/** What is told while it goes on; `total` 0: not known. */
export type OnBackupProgress = (
  phase: 'records' | 'runs' | 'blobs',
  done: number,
  total: number,
  bytes: number,
) => void

/** What a backup is taken of, and where to. */
export interface TakeBackupOptions {
  readonly storeId: string
  readonly source: StoreEngines & { readonly blobLedger: ProcessLedger }
  readonly target: BackupTarget
  readonly clock: Clock
  /** Which states stay; null: all. */
  readonly retention: Retention | null
  readonly onProgress?: OnBackupProgress
  readonly signal?: AbortSignal
}

/** What a backup did. */
export interface BackupReport {
  readonly state: BackupState
  /** Of states that lie in the target and cannot be read. */
  readonly unreadable: readonly UnreadableState[]
  readonly removed: Cleaning
}

/**
 * Backs up the state that the store has now: all records of one instant, and the bytes that they name, while others write. Only what the target does not hold yet is
 * written; what an earlier backup left that was cut off is used or removed. Nothing of it counts before its state is written, last.
 *
 * Damage in the store does not stop it; what the target refuses does. Throws ConfigurationError for a target that holds something else, StartFailure when
 * another backup is being written there.
 */
export async function takeBackup(options: TakeBackupOptions): Promise<BackupReport> {
  const { target } = options
  const lock = await TargetLock.take(target)
  try {
    await claimTarget(target, options.storeId)
    const { states, unreadable } = await listStates(target.store)
    const held: { from: BlobId | null } = { from: '' }
    const release = await holdBlobs(options, held)
    try {
      const taken = await new Backup(options, held).take(states.at(-1) ?? null)
      lock.assertHeld()
      await writeState(target.store, taken)
      const state: BackupState = { format: 1, ...taken }
      const removed = await cleanTarget(target.store, {
        states: [...states, state],
        retention: options.retention,
        nowMs: options.clock.now(),
        hasUnreadable: unreadable.length > 0,
        assertHeld: () => lock.assertHeld(),
      })
      return { state, unreadable, removed }
    } finally {
      release()
    }
  } finally {
    await lock.release()
  }
}

/** Blobs from `held.from` on stay where they are, whoever gives them up; null: none. */
async function holdBlobs(
  { source }: TakeBackupOptions,
  held: { readonly from: BlobId | null },
): Promise<() => void> {
  try {
    const ledger = await source.blobLedger.open()
    return await ledger.holdWhere((id) => held.from !== null && id >= held.from)
  } catch (error) {
    // A store that takes no writes gives no lease, and loses nothing either.
    if (!(error instanceof StoreUnavailable)) throw error
    return () => undefined
  }
}

class Backup {
  readonly #options: TakeBackupOptions
  readonly #held: { from: BlobId | null }
  readonly #damage: Damage[] = []
  #damageCount = 0
  readonly #added = { records: 0, blobs: 0, bytes: 0 }

  constructor(options: TakeBackupOptions, held: { from: BlobId | null }) {
    this.#options = options
    this.#held = held
  }

  async take(before: BackupState | null): Promise<Omit<BackupState, 'format'>> {
    const { clock, storeId } = this.#options
    const known = before?.runs ?? []
    const { at, runs, records } = await this.#takeRecords(known)
    const blobs = await this.#takeBlobs(runs)
    return {
      id: newStateId(at),
      storeId,
      at,
      finishedAt: clock.now(),
      runs,
      records,
      blobs,
      added: this.#added,
      damage: this.#damage,
      damageCount: this.#damageCount,
    }
  }

  /** Writes what changed since the state whose runs are known, all of one instant. */
  async #takeRecords(
    known: readonly RunInfo[],
  ): Promise<{ at: number; runs: readonly RunInfo[]; records: number }> {
    const { source, target, clock, signal, onProgress } = this.#options
    const counts = { records: 0, changed: 0 }
    const isWhole = isWorthWhole(known)
    const snapshot = await source.metadata.snapshot()
    const at = clock.now()
    let run: RunInfo | null
    try {
      const changes = recordChanges({
        snapshot,
        target: target.store,
        before: known,
        isWhole,
        comparesVersions: false,
        counts,
        signal,
        onDamage: (error) => this.#noteRecord(error),
      })
      run = await writeRun(
        target.store,
        counted(changes, () => onProgress?.('records', counts.records, 0, 0)),
      )
    } finally {
      await snapshot.close()
    }
    this.#added.records = counts.changed
    this.#added.bytes += (run?.keyBytes ?? 0) + (run?.valueBytes ?? 0)
    const runs = [...(isWhole ? [] : known), ...(run ? [run] : [])]
    return { at, runs: await this.#folded(runs), records: counts.records }
  }

  /** Makes one of the runs behind the first when there are many. */
  async #folded(runs: readonly RunInfo[]): Promise<readonly RunInfo[]> {
    const [first, ...rest] = runs
    if (!first || runs.length <= RUNS_MAX) return runs
    const { store } = this.#options.target
    const folded = await writeRun(store, foldedRuns(store, rest))
    return folded ? [first, folded] : [first]
  }

  /** Copies the blobs that the records name and the target lacks; gives how many they name. */
  async #takeBlobs(runs: readonly RunInfo[]): Promise<number> {
    const { source, target, onProgress, signal } = this.#options
    const total = await countOf(referencedBlobs(this.#options.target, runs))
    let seen = 0
    const missing = async function* (held: { from: BlobId | null }) {
      const pairs = mergeAscending(
        referencedBlobs(target, runs),
        storedBlobs(target.store),
        (id: BlobId, stored: BlobEntry) => compareText(targetBlobId(id), stored.id),
      )
      for await (const { left: id, right } of pairs) {
        if (id === undefined) continue
        seen++
        if (!right) yield id
        // Several are copied at once; what was reached is still held.
        if (seen % HOLD_STEP === 0) held.from = id
      }
    }
    await copyBlobs(missing(this.#held), {
      from: source.blobs,
      to: target.store,
      idThere: targetBlobId,
      signal,
      onCopied: (_id, sizeBytes) => {
        this.#added.blobs++
        this.#added.bytes += sizeBytes
        onProgress?.('blobs', seen, total, this.#added.bytes)
      },
      onDamage: (damage) => this.#note(damage),
    })
    this.#held.from = null
    return total
  }

  #noteRecord({ key, message }: DamagedRecord): void {
    this.#note({ kind: 'record', name: key.toString('latin1').replace(/[^ -~]/g, '.'), reason: message })
  }

  #note(damage: Damage): void {
    if (++this.#damageCount <= DAMAGE_NAMED_MAX) this.#damage.push(damage)
  }
}

const HOLD_STEP = 1_000

/** The blobs that the records of a state name, in order of id. */
export async function* referencedBlobs(
  { store }: Pick<BackupTarget, 'store'>,
  runs: readonly RunInfo[],
): AsyncGenerator<BlobId> {
  const { start, end } = blobReferencesRange()
  for await (const { key } of mergeRuns(store, runs, { withValues: false })) {
    if (key.compare(end) >= 0) return
    if (key.compare(start) >= 0) yield readTextPart(key, 1).text
  }
}

const bytesOf = ({ keyBytes, valueBytes }: RunInfo): number => keyBytes + valueBytes

/** Whether writing all records anew costs little beside the changes that gathered. */
function isWorthWhole([first, ...changes]: readonly RunInfo[]): boolean {
  if (!first) return true
  return changes.reduce((sum, run) => sum + bytesOf(run), 0) > bytesOf(first) * CHANGES_SHARE_MAX
}

async function* counted<T>(items: AsyncIterable<T>, onItem: () => void): AsyncGenerator<T> {
  for await (const item of items) {
    onItem()
    yield item
  }
}

async function countOf(items: AsyncIterable<unknown>): Promise<number> {
  const iterator = items[Symbol.asyncIterator]()
  let count = 0
  while (!(await iterator.next()).done) count++
  return count
}
