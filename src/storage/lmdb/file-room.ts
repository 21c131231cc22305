import type { Change } from '../metadata-store.ts'
import type { DataFile, FileState } from './data-file.ts'

/** Pages that one key may make new: each level of a tree that is deeper than any that fits a disk, and one that is split off. */
export const PAGES_PER_KEY = 6
/** Pages that the key of a value's rest may make new, besides the rest: those of values that were written together lie together. */
const PAGES_PER_REST = 2
/** Pages that a transaction writes besides, such as those that say what is free. */
export const PAGES_BESIDES = 32
/** By how much the file is made longer at least and at most, and in which share of its length in between. */
const STEP_BYTES_MIN = 256 * 1024
const STEP_BYTES_MAX = 8 * 1024 * 1024
const STEP_SHARE = 8

/**
 * Sees to it that the file has room for a transaction before it is written: the engine's own state does not outlive a write that finds a full disk. To be used
 * while the engine's lock of writers is held, by which no other process makes the file longer.
 */
export class FileRoom {
  #pageBytes = 4_096

  /** Bytes that a transaction with these changes writes at most, in all likelihood. */
  bytesFor(changes: readonly Change[]): number {
    const pageBytes = this.#pageBytes
    let pages = PAGES_BESIDES
    let bytes = 0
    for (const { sets = [], deletes = [], adds = [] } of changes) {
      pages += (sets.length + deletes.length + adds.length) * PAGES_PER_KEY
      // The value may be divided, and the one before it as well.
      pages += (2 * sets.length + deletes.length) * PAGES_PER_REST
      for (const { value } of sets) bytes += value.byteLength + pageBytes
    }
    return bytes + pages * pageBytes
  }

  /** Makes the file, whose newest state this is, longer where that is needed. Throws the system's error, and has then changed nothing that counts. */
  makeFor(file: DataFile, changes: readonly Change[], state: FileState): void {
    this.#pageBytes = file.pageBytes
    makeRoom(file, this.bytesFor(changes), state)
  }
}

/** Makes the file so much longer than what is in use of it, where it is not. Throws the system's error. */
export function makeRoom(file: DataFile, bytes: number, { usedBytes } = file.newestState()): void {
  const wantedBytes = usedBytes + bytes
  if (file.hasBytes(wantedBytes)) return
  const size = file.bytes
  const step = Math.min(Math.max(size / STEP_SHARE, STEP_BYTES_MIN), STEP_BYTES_MAX)
  file.growTo(Math.ceil(wantedBytes + step))
}
