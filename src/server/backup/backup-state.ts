import { collect } from './collect.ts'
import type { BlobId, BlobStore } from '../../storage/blob-store.ts'
import { allBlobIds } from './target-content.ts'
import { STATE_PREFIX } from './names.ts'
import type { RunInfo } from './run-format.ts'

/** A state of a store at one instant, as it lies in a target. */
export interface BackupState {
  readonly format: number
  readonly id: BlobId
  readonly storeId: string
  /** Epoch milliseconds: of which moment it is. */
  readonly at: number
  /** Epoch milliseconds: when it was whole. */
  readonly finishedAt: number
  /** Its records, oldest run first: of equal keys the newer run's counts. */
  readonly runs: readonly RunInfo[]
  readonly records: number
  readonly blobs: number
  /** What was new in the target: how much this state cost. */
  readonly added: { readonly records: number; readonly blobs: number; readonly bytes: number }
  /** What the store could not give whole; an earlier state's record stands in for a damaged one, where there is one. */
  readonly damage: readonly Damage[]
  /** How much damage there was; `damage` names the first of it. */
  readonly damageCount: number
}

/** Something that could not be read. */
export interface Damage {
  readonly kind: 'record' | 'blob'
  /** Of a record its key, what does not print as dots; of a blob its id. */
  readonly name: string
  readonly reason: string
}

/** The newest form of a state that this program reads and writes. */
const STATE_FORMAT = 1
/** Pieces of damage that a state names. */
export const DAMAGE_NAMED_MAX = 1_000

/** A state that cannot be read. */
export interface UnreadableState {
  readonly id: BlobId
  readonly reason: string
}

/** The states in a target, oldest first, and those that cannot be read. */
export async function listStates(
  target: BlobStore,
): Promise<{ readonly states: readonly BackupState[]; readonly unreadable: readonly UnreadableState[] }> {
  const states: BackupState[] = []
  const unreadable: UnreadableState[] = []
  for await (const { id } of allBlobIds(target, STATE_PREFIX)) {
    try {
      states.push(await readState(target, id))
    } catch (error) {
      unreadable.push({ id, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  return { states: states.sort((a, b) => a.at - b.at), unreadable }
}

/** Throws what the target throws, and RangeError for a state of a newer form or one that is none. */
export async function readState(target: BlobStore, id: BlobId): Promise<BackupState> {
  const bytes = await collect(await target.get(id))
  const value: unknown = JSON.parse(bytes.toString())
  if (!isState(value)) throw new RangeError(`${id} is no state of a backup`)
  if (value.format > STATE_FORMAT)
    throw new RangeError(
      `${id} has format ${value.format}; this program reads up to ${STATE_FORMAT}: use a newer Lugsail`,
    )
  if (value.id !== id) throw new RangeError(`${id} is the state ${value.id}`)
  return value
}

/** Makes a state visible: from then on it is one that can be restored. */
export async function writeState(target: BlobStore, state: Omit<BackupState, 'format'>): Promise<void> {
  const bytes = Buffer.from(JSON.stringify({ format: STATE_FORMAT, ...state }))
  await target.put(state.id, once(bytes), { sizeBytes: bytes.length })
}

async function* once(bytes: Buffer) {
  yield bytes
}

/** The last moment that a date can be of, less a hundred years. */
const MOMENT_MAX = 8.64e15 - 3.2e12

function isRun(value: unknown): value is RunInfo {
  if (typeof value !== 'object' || value === null) return false
  const { id, keySha256, valueSha256, ...counts } = value as Record<keyof RunInfo, unknown>
  const isText = [id, keySha256, valueSha256].every((text) => typeof text === 'string')
  return isText && /^[0-9a-f]+$/.test(String(id)) && COUNTS.every((name) => typeof counts[name] === 'number')
}

const COUNTS = ['entries', 'keyBytes', 'valueBytes'] as const

function isState(value: unknown): value is BackupState {
  if (typeof value !== 'object' || value === null) return false
  const { format, id, storeId, at, runs, damage, damageCount, added } = value as Partial<
    Record<keyof BackupState, unknown>
  >
  return (
    typeof format === 'number' &&
    typeof id === 'string' &&
    typeof storeId === 'string' &&
    typeof at === 'number' &&
    // What is no moment cannot be shown, nor can a later one be found.
    Math.abs(at) < MOMENT_MAX &&
    Array.isArray(runs) &&
    runs.every(isRun) &&
    Array.isArray(damage) &&
    typeof damageCount === 'number' &&
    typeof added === 'object' &&
    added !== null
  )
}
