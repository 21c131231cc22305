import type { Clock } from '../../base/clock.ts'
import { readTextPart } from '../../base/key.ts'
import { blobReferencesRange } from '../../service/keyspace.ts'
import type { BlobEntry, BlobId } from '../../storage/blob-store.ts'
import type { DamagedRecord } from '../../storage/metadata-store.ts'
import { compareText, mergeAscending, type StoreEngines } from '../store/store-content.ts'
import { DAMAGE_NAMED_MAX, type BackupState, type Damage } from './backup-state.ts'
import { copyBlobs } from './copy-blobs.ts'
import { foldedRuns, mergeRuns } from './merge-runs.ts'
import { newStateId, targetBlobId } from './names.ts'
import { recordChanges } from './record-changes.ts'
import type { RunInfo } from './run-format.ts'
import { writeRun } from './run-writer.ts'
import { storedBlobs } from './target-content.ts'
import type { BackupTarget } from './target.ts'

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

interface StateTakerOptions {
  readonly storeId: string
  readonly source: StoreEngines
  readonly target: BackupTarget
  readonly clock: Clock
  /** As in `recordChanges`. */
  readonly comparesVersions: boolean
  /** Blobs before this one were copied; null: all were. */
  readonly onReached: (id: BlobId | null) => void
  readonly onProgress?: OnBackupProgress | undefined
  readonly signal?: AbortSignal | undefined
}

/** Writes what is new of a store's state into a target; who holds the target's lock, and the blobs, then makes a state of it. */
export class StateTaker {
  readonly #options: StateTakerOptions
  readonly #damage: Damage[] = []
  #damageCount = 0
  readonly #added = { records: 0, blobs: 0, bytes: 0 }

  constructor(options: StateTakerOptions) {
    this.#options = options
  }

  /** What has changed since the state before; not yet a state itself. */
  async take(before: BackupState | null): Promise<Omit<BackupState, 'format'>> {
    const { clock, storeId } = this.#options
    const { at, runs, records } = await this.#takeRecords(before)
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
    before: BackupState | null,
  ): Promise<{ at: number; runs: readonly RunInfo[]; records: number }> {
    const { source, target, clock, comparesVersions, signal, onProgress } = this.#options
    const known = before?.runs ?? []
    const counts = { records: 0, changed: 0 }
    const isWhole = isWorthWhole(known)
    const snapshot = await source.metadata.snapshot()
    // Not before the snapshot: nothing in a state is later than its moment.
    const at = momentAfter(before, clock.now())
    let run: RunInfo | null
    try {
      const changes = recordChanges({
        snapshot,
        target: target.store,
        before: known,
        isWhole,
        comparesVersions,
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
    const { source, target, onReached, onProgress, signal } = this.#options
    const total = await countOf(referencedBlobs(this.#options.target, runs))
    let seen = 0
    const missing = async function* () {
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
        if (seen % REACHED_STEP === 0) onReached(id)
      }
    }
    await copyBlobs(missing(), {
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
    onReached(null)
    return total
  }

  #noteRecord({ key, message }: DamagedRecord): void {
    this.#note({ kind: 'record', name: key.toString('latin1').replace(/[^ -~]/g, '.'), reason: message })
  }

  #note(damage: Damage): void {
    if (++this.#damageCount <= DAMAGE_NAMED_MAX) this.#damage.push(damage)
  }
}

/** Of which moment a state is: later than the one before, also where the clock was set back. */
export const momentAfter = (before: { readonly at: number } | null, nowMs: number): number =>
  Math.max(nowMs, (before?.at ?? 0) + 1)

const REACHED_STEP = 1_000

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
