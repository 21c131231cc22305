import { keyAfter } from '../../base/key.ts'
import type { BlobStore } from '../../storage/blob-store.ts'
import { DamagedRecord, type Entry, type MetadataSnapshot } from '../../storage/metadata-store.ts'
import { ALL_KEYS, entriesPastDamage } from '../store/store-content.ts'
import { findInRuns, mergeRuns, type MergedKey } from './merge-runs.ts'
import { isOfThisPlace } from './process-records.ts'
import { digestOf, type RunEntry, type RunInfo } from './run-format.ts'

/** What is learnt while the records of a state are compared with those of the state before. */
interface RecordCounts {
  records: number
  changed: number
}

interface ChangesOptions {
  readonly snapshot: MetadataSnapshot
  readonly target: BlobStore
  /** The runs of the state before; none: all records are new. */
  readonly before: readonly RunInfo[]
  /** Gives all records rather than the changed ones. */
  readonly isWhole: boolean
  /** Whether a record that was written again, with the value that it had, has changed. */
  readonly comparesVersions: boolean
  readonly counts: RecordCounts
  readonly onDamage: (damage: DamagedRecord) => void
  readonly signal?: AbortSignal | undefined
}

/**
 * The records of a snapshot that are not those of the state before, and what is there no more, in order of key. A damaged record stays as the state before had
 * it.
 */
export async function* recordChanges(options: ChangesOptions): AsyncGenerator<RunEntry, void, undefined> {
  const { snapshot, target, before, isWhole, comparesVersions, counts, signal } = options
  const known = mergeRuns(target, before, { withValues: false })
  let old: MergedKey | null = await nextOf(known)
  const removed = (key: Buffer): RunEntry => ({ key, version: '', value: null })
  try {
    for await (const { key, entry } of scanned(snapshot)) {
      signal?.throwIfAborted()
      // What cannot be read may begin behind one of them, and hide others.
      const hidesOthers = entry instanceof DamagedRecord && !Buffer.from(entry.behind).equals(keyAfter(key))
      if (!hidesOthers && isOfThisPlace(key)) continue
      for (; old && old.key.compare(key) < 0; old = await nextOf(known)) {
        counts.changed++
        if (!isWhole) yield removed(old.key)
      }
      if (entry instanceof DamagedRecord) {
        options.onDamage(entry)
        for (; old && old.key.compare(entry.behind) < 0; old = await nextOf(known)) {
          counts.records++
          const stored = isWhole ? await findInRuns(target, before, old.key) : null
          if (stored) yield stored
        }
        continue
      }
      const same = old?.key.equals(key) ? old : null
      if (same) old = await nextOf(known)
      counts.records++
      const { value, version } = entry
      const isSame =
        same?.digest.equals(digestOf(value)) === true && (!comparesVersions || same.version === version)
      if (!isSame) counts.changed++
      if (!isSame || isWhole) yield { key, version, value }
    }
    for (; old; old = await nextOf(known)) {
      counts.changed++
      if (!isWhole) yield removed(old.key)
    }
  } finally {
    await known.return()
  }
}

interface Scanned {
  readonly key: Buffer
  readonly entry: Entry | DamagedRecord
}

/** All records of a snapshot, damaged ones in their places. Throws DamagedRecord when what lies behind one cannot be reached: it must not count as removed. */
async function* scanned(snapshot: MetadataSnapshot): AsyncGenerator<Scanned, void, undefined> {
  let last: Buffer = ALL_KEYS.start
  // Each is told before what lies before it in the same page.
  const damaged: Scanned[] = []
  const note = (error: DamagedRecord): void => {
    const { key } = error
    const before = damaged.at(-1)?.key ?? last
    if (key.compare(before) <= 0 || key.compare(ALL_KEYS.end) >= 0) throw error
    damaged.push({ key, entry: error })
  }
  for await (const entry of entriesPastDamage(snapshot, ALL_KEYS, note)) {
    const after = damaged.findIndex(({ key }) => key.compare(entry.key) > 0)
    yield* damaged.splice(0, after < 0 ? damaged.length : after)
    last = entry.key
    yield { key: entry.key, entry }
  }
  yield* damaged
}

async function nextOf(merged: AsyncGenerator<MergedKey, void, undefined>): Promise<MergedKey | null> {
  const next = await merged.next()
  return next.done === true ? null : next.value
}
