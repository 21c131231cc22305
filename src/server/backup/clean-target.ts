import { readTextPart } from '../../base/key.ts'
import { blobReferencesRange } from '../../service/keyspace.ts'
import type { BlobId, BlobStore } from '../../storage/blob-store.ts'
import { compareText, mergeAscending } from '../store/store-content.ts'
import type { BackupState } from './backup-state.ts'
import { mergeRuns } from './merge-runs.ts'
import { RUN_PREFIX, runIdOf, targetBlobId } from './names.ts'
import { keptStates, type Retention } from './retention.ts'
import type { RunInfo } from './run-format.ts'
import { allBlobIds, storedBlobs } from './target-content.ts'

/** What was removed from a target. */
export interface Cleaning {
  readonly states: number
  readonly runs: number
  readonly blobs: number
  readonly bytes: number
}

interface CleanOptions {
  readonly states: readonly BackupState[]
  /** Which states stay; null: all. */
  readonly retention: Retention | null
  readonly nowMs: number
  /** A state that cannot be read may need anything: then nothing but states is removed. */
  readonly hasUnreadable: boolean
  /** Leaves blobs as they are: one that was cut off uses those that it wrote. */
  readonly keepsBlobs?: boolean
  /** Throws when another process may write to the target. */
  readonly assertHeld: () => void
}

const DELETE_BATCH = 500

/** Removes the states that are not kept, and what no state needs: runs and blobs of removed states, and what was cut off. */
export async function cleanTarget(target: BlobStore, options: CleanOptions): Promise<Cleaning> {
  const { states, retention, nowMs, hasUnreadable, assertHeld } = options
  const kept = retention === null ? new Set(states) : keptStates(states, retention, nowMs)
  const doomed = states.filter((state) => !kept.has(state)).map(({ id }) => id)
  const remove = async (ids: AsyncIterable<{ readonly id: BlobId; readonly sizeBytes: number }>) => {
    const done = { count: 0, bytes: 0 }
    let batch: BlobId[] = []
    const flush = async () => {
      assertHeld()
      await target.delete(batch)
      done.count += batch.length
      batch = []
    }
    for await (const { id, sizeBytes } of ids) {
      batch.push(id)
      done.bytes += sizeBytes
      if (batch.length === DELETE_BATCH) await flush()
    }
    await flush()
    return done
  }
  assertHeld()
  await target.delete(doomed)
  if (hasUnreadable) return { states: doomed.length, runs: 0, blobs: 0, bytes: 0 }
  const runs = new Map([...kept].flatMap((state) => state.runs.map((run) => [run.id, run] as const)))
  const removedRuns = await remove(unneededRuns(target, new Set(runs.keys())))
  const removedBlobs = options.keepsBlobs
    ? { count: 0, bytes: 0 }
    : await remove(unneededBlobs(target, [...runs.values()]))
  return {
    states: doomed.length,
    runs: removedRuns.count / 2,
    blobs: removedBlobs.count,
    bytes: removedRuns.bytes + removedBlobs.bytes,
  }
}

async function* unneededRuns(target: BlobStore, needed: ReadonlySet<string>) {
  for await (const entry of allBlobIds(target, RUN_PREFIX)) {
    const runId = runIdOf(entry.id)
    if (runId !== null && !needed.has(runId)) yield entry
  }
}

async function* unneededBlobs(target: BlobStore, runs: readonly RunInfo[]) {
  const pairs = mergeAscending(namedBlobs(target, runs), storedBlobs(target), (id, stored) =>
    compareText(id, stored.id),
  )
  for await (const { left, right } of pairs) if (left === undefined && right) yield right
}

/** Runs that are read side by side at most. */
const SIDE_BY_SIDE_MAX = 32

/** The keys that any of the runs has, in order; of many runs the keys of blobs alone. */
async function* keysOfAny(target: BlobStore, runs: readonly RunInfo[]): AsyncGenerator<Buffer> {
  const largestFirst = [...runs].sort((a, b) => b.entries - a.entries)
  const large = largestFirst.slice(0, SIDE_BY_SIDE_MAX)
  // A mirror has thousands of small ones: what they name is held, a key for each blob that is new in its time.
  const named = new Map<string, Buffer>()
  const [tag] = blobReferencesRange().start
  for (const run of largestFirst.slice(SIDE_BY_SIDE_MAX))
    for await (const { key } of mergeRuns(target, [run], { withValues: false }))
      if (key[0] === tag) named.set(key.toString('latin1'), key)
  const held = [...named.values()].sort((a, b) => a.compare(b))
  const merged = mergeRuns(target, large, { withValues: false, keepsAny: true })
  const pairs = mergeAscending(merged, inOrder(held), (left, right: Buffer) => left.key.compare(right))
  for await (const { left, right } of pairs) {
    const key = left?.key ?? right
    if (key) yield key
  }
}

async function* inOrder(keys: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* keys
}

/** As they lie in the target, in order: the blobs that any of the runs names, whether a later run has removed them or not. */
export async function* namedBlobs(target: BlobStore, runs: readonly RunInfo[]): AsyncGenerator<BlobId> {
  const { start, end } = blobReferencesRange()
  let last = ''
  for await (const key of keysOfAny(target, runs)) {
    if (key.compare(end) >= 0) return
    if (key.compare(start) < 0) continue
    const id = targetBlobId(readTextPart(key, 1).text)
    // What is taken for unneeded is removed: nothing may be passed over.
    if (id <= last) throw new Error(`the blobs ${last} and ${id} are out of order`)
    last = id
    yield id
  }
}
