import { keyAfter } from '../../base/key.ts'
import { changeLogRange } from '../../service/keyspace.ts'
import { DamagedRecord, type MetadataSnapshot } from '../../storage/metadata-store.ts'
import { allEntries } from '../store/store-content.ts'
import { decodeLogEntry } from './change-log.ts'
import type { RunEntry } from '../backup/run-format.ts'
import { NOTES_MAX } from './note-limit.ts'

/** What waits to be taken over, as a snapshot has it. */
export interface LoggedChanges {
  /** The entries, to be deleted when they were taken over. */
  readonly logKeys: readonly Buffer[]
  /** The records that changed, in order of key. */
  readonly keys: readonly Buffer[]
  /** Epoch milliseconds: when the oldest of the changes was made; null when there is none. */
  readonly oldestAt: number | null
  /** There are too many, or one cannot be read: `keys` is not all. */
  readonly isIncomplete: boolean
}

/** Reads what commits noted. */
export async function readLoggedChanges(snapshot: MetadataSnapshot): Promise<LoggedChanges> {
  const logKeys: Buffer[] = []
  const keys = new Map<string, Buffer>()
  let oldestAt: number | null = null
  let isIncomplete = false
  try {
    for await (const { key, value } of allEntries(snapshot, changeLogRange())) {
      logKeys.push(key)
      const entry = decodeLogEntry(value)
      oldestAt = Math.min(oldestAt ?? Infinity, entry.at)
      for (const changed of entry.keys) keys.set(changed.toString('latin1'), changed)
      isIncomplete = logKeys.length >= NOTES_MAX
      if (isIncomplete) break
    }
  } catch (error) {
    if (error instanceof DamagedRecord) logKeys.push(error.key)
    else if (!(error instanceof RangeError)) throw error
    isIncomplete = true
  }
  const sorted = [...keys.values()].sort((a, b) => a.compare(b))
  return { logKeys, keys: sorted, oldestAt, isIncomplete }
}

/** The records under these keys as the snapshot has them; what is not there was removed. A damaged one is told, and left as the mirror has it. */
export async function* changedRecords(
  snapshot: MetadataSnapshot,
  keys: readonly Buffer[],
  onDamage: (error: DamagedRecord) => void,
): AsyncGenerator<RunEntry, void, undefined> {
  for (const key of keys) {
    try {
      const [entry] = await snapshot.scan({ start: key, end: keyAfter(key), limit: 1 })
      yield entry ? { key, version: entry.version, value: entry.value } : { key, version: '', value: null }
    } catch (error) {
      if (!(error instanceof DamagedRecord)) throw error
      onDamage(error)
    }
  }
}
