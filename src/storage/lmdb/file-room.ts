import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import type { Change } from '../metadata-store.ts'

/** Of each meta page: the number of the last page in use, and of the transaction that wrote it; the page itself begins with a header. */
const LAST_PAGE_AT = 144
const TRANSACTION_AT = 152
const META_END = 160
const PAGE_BYTES_AT = 48
/** Pages that one key may make new: each level of a tree that is deeper than any that fits a disk, and one that is split off. */
const PAGES_PER_KEY = 6
const PAGES_BESIDES = 32
/** By how much the file is made longer at least and at most, and in which share of its length in between. */
const STEP_BYTES_MIN = 256 * 1024
const STEP_BYTES_MAX = 8 * 1024 * 1024
const STEP_SHARE = 8

/**
 * Sees to it that the file has room for a transaction before it is written: the engine's own state does not outlive a write that finds a full disk. To be used
 * while the engine's lock of writers is held, by which no other process makes the file longer.
 */
export class FileRoom {
  readonly #path: string
  #file: number | null
  #pageBytes = 4_096
  readonly #meta = Buffer.alloc(64 * 1024 + META_END)

  constructor(path: string) {
    this.#path = path
    this.#file = openSync(path, 'r+')
  }

  /** Bytes that a transaction with these changes writes at most, in all likelihood. */
  bytesFor(changes: readonly Change[]): number {
    const pageBytes = this.#pageBytes
    let keys = 0
    let bytes = 0
    for (const { sets = [], deletes = [], adds = [] } of changes) {
      keys += sets.length + deletes.length + adds.length
      for (const { value } of sets) bytes += value.byteLength + pageBytes
    }
    return bytes + (keys * PAGES_PER_KEY + PAGES_BESIDES) * pageBytes
  }

  /** Makes the file longer where that is needed. Throws the system's error, and has then changed nothing that counts. */
  makeFor(changes: readonly Change[]): void {
    this.#file ??= openSync(this.#path, 'r+')
    const wantedBytes = this.#usedBytes(this.#file) + this.bytesFor(changes)
    const { size } = fstatSync(this.#file)
    if (size >= wantedBytes) return
    const step = Math.min(Math.max(size / STEP_SHARE, STEP_BYTES_MIN), STEP_BYTES_MAX)
    // Whole pieces from the end of the file on: what is there is never written over.
    fillWithZeros(this.#file, size, Math.ceil(wantedBytes + step))
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }

  #usedBytes(file: number): number {
    const meta = this.#meta
    readSync(file, meta, 0, META_END, 0)
    const pageBytes = meta.readUInt32LE(PAGE_BYTES_AT)
    readSync(file, meta, pageBytes, META_END, pageBytes)
    const at =
      meta.readBigUInt64LE(TRANSACTION_AT) > meta.readBigUInt64LE(pageBytes + TRANSACTION_AT) ? 0 : pageBytes
    this.#pageBytes = pageBytes
    return (Number(meta.readBigUInt64LE(at + LAST_PAGE_AT)) + 1) * pageBytes
  }
}

const ZEROS = Buffer.alloc(STEP_BYTES_MIN)

function fillWithZeros(file: number, from: number, to: number): void {
  for (let at = from; at < to;) at += writeSync(file, ZEROS, 0, Math.min(ZEROS.length, to - at), at)
}
