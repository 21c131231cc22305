import { describeDiskCode, diskCodeOf, errorName, isFull, tryDisk } from '../disk-failure.ts'
import type { DiskReserve } from '../disk-reserve.ts'
import { StoreFull, StoreReadOnly, type StoreUnavailable } from '../metadata-store.ts'
import { proveWritable } from './environment.ts'
import type { FileRoom } from './file-room.ts'
import type { LiveEnvironment } from './live-environment.ts'
import { freePageBytes } from './space.ts'

/** So often at most a disk that took no writes is asked whether it takes them again. */
const TRY_INTERVAL_MS = 250
/** With one failure the store is opened anew and goes on; with so many in a row it takes no writes. */
const FAILURES_MAX = 2

/** What whoever runs the server can do about it is told along with it. */
const HIDDEN_FORMAT =
  'the disk cannot read the last page of the metadata; restore the metadata from a backup or the mirror, or take along what can be read by "lugsail store backup"'
const HIDDEN_FREE_LIST =
  'the disk cannot read the list of free pages of the metadata; "lugsail store compact" writes the file anew'

/** A disk that was full takes new content again when there is so much room besides the reserve. */
const ROOM_BYTES_MIN = 1024 * 1024

/**
 * Whether the store takes writes. `writing`: all; `full`: what removes something; `read-only`: none. It leaves the last two by itself when an attempt shows that
 * the disk takes writes again.
 */
export class WriteState {
  readonly #live: LiveEnvironment
  readonly #room: FileRoom
  readonly #reserve: DiskReserve
  #state: 'writing' | 'full' | 'read-only' = 'writing'
  #reason = ''
  #failures = 0
  #tryAt = 0
  /** What was missing when the disk was looked at last. */
  #missingBytes = 0
  #freeBytes = Infinity

  constructor(live: LiveEnvironment, room: FileRoom, reserve: DiskReserve) {
    this.#live = live
    this.#room = room
    this.#reserve = reserve
  }

  get isWriting(): boolean {
    return this.#state === 'writing' && this.lastingRefusal === null
  }

  /** Where nothing is written, whatever the disk takes: a commit would read what ends the process. */
  get lastingRefusal(): StoreReadOnly | null {
    const { format, isFreeListHidden } = this.#live.hidden
    if (format) return new StoreReadOnly(HIDDEN_FORMAT)
    return isFreeListHidden ? new StoreReadOnly(HIDDEN_FREE_LIST) : null
  }

  /** The error for a change that brings `bytes`; null when it may be tried. */
  refusalOf(usesReserve: boolean, bytes: number): StoreUnavailable | null {
    const { lastingRefusal } = this
    if (lastingRefusal) return lastingRefusal
    if (this.#state === 'writing' || (this.#state === 'full' && usesReserve)) return null
    return this.#state === 'full' ? this.fullFor(bytes) : new StoreReadOnly(this.#reason)
  }

  /** The error for a change that brings `bytes` to a disk without room. */
  fullFor(bytes: number, cause?: unknown): StoreFull {
    return new StoreFull(Math.max(1, this.#missingBytes + bytes), { cause })
  }

  noteSuccess(): void {
    this.#failures = 0
  }

  /** A transaction failed and the environment was opened anew. Says whether that was for want of room. */
  async noteFailure(cause: unknown): Promise<boolean> {
    const code = await this.#codeOf(cause)
    this.#tryAt = performance.now() + TRY_INTERVAL_MS
    if (isFull(code)) {
      if (this.#state === 'writing') this.#state = 'full'
      await this.#measure()
      return true
    }
    this.#reason = describeDiskCode(code)
    if (++this.#failures >= FAILURES_MAX) this.#state = 'read-only'
    return false
  }

  /** The disk does not answer. */
  noteSilence(): void {
    this.#reason = 'the disk does not answer'
    this.#state = 'read-only'
  }

  /** Gives up a part of the reserve for what removes something; false when nothing is left. */
  async giveUpSome(): Promise<boolean> {
    return await this.#reserve.giveUpSome().catch(() => false)
  }

  /** Asks the disk, unless that was done a moment ago, and takes writes again when it does. Never rejects. */
  async tryAgain(): Promise<void> {
    if (performance.now() < this.#tryAt || this.lastingRefusal) return
    this.#tryAt = performance.now() + TRY_INTERVAL_MS
    try {
      if (this.#state === 'full' && !(await this.#hasRoom())) return
      if (!this.#live.isWritable) await this.#live.reopen()
      await this.#live.write((opened) => proveWritable(opened, this.#room))
      this.#state = 'writing'
      this.#failures = 0
    } catch (error) {
      await this.#live.reopen(error)
      const code = await this.#codeOf(error)
      if (isFull(code)) await this.#measure()
      this.#state = isFull(code) ? 'full' : 'read-only'
      this.#reason = describeDiskCode(code)
    }
    this.#tryAt = performance.now() + TRY_INTERVAL_MS
  }

  /** Makes the reserve, or makes it whole; where it is not, because something had to be removed from a full disk, nothing new is let in. Never rejects. */
  async watchReserve(): Promise<void> {
    if (!this.isWriting) return
    try {
      if ((await this.#reserve.restore()) || (await this.#hasRoom())) return
      this.#state = 'full'
    } catch {
      // A disk that does not answer such a question shows it at the next commit.
    }
  }

  /** Whether pages of the file are free, for so many bytes and for what is to be kept for deletions. */
  hasFreePages(bytes: number): boolean {
    return freePageBytes(this.#live.current) >= this.#missingBytes + bytes
  }

  /** Whether there is as much room as is to be kept: in the reserve, on the disk, or in pages of the file that are free. */
  async #hasRoom(): Promise<boolean> {
    const isWhole = await this.#reserve.restore()
    await this.#measure()
    const freeBytes = freePageBytes(this.#live.current)
    if (isWhole) return this.#freeBytes + freeBytes >= ROOM_BYTES_MIN
    return this.#missingBytes + ROOM_BYTES_MIN <= freeBytes
  }

  async #measure(): Promise<void> {
    try {
      const [missing, free] = await Promise.all([this.#reserve.missingBytes(), this.#reserve.freeBytes()])
      this.#missingBytes = Math.max(0, missing - free)
      this.#freeBytes = free
    } catch {
      this.#freeBytes = Infinity
      this.#missingBytes = 0
    }
  }

  /** The system's name of what failed; a write that was cut short does not tell why. */
  async #codeOf(cause: unknown): Promise<string> {
    const code = nameOf(cause)
    if (code !== null && code !== 'EIO') return code
    return (await tryDisk(this.#live.folder)) ?? 'EIO'
  }
}

/** The engine gives the system's numbers, and negative ones of its own. */
function nameOf(cause: unknown): string | null {
  if (!(cause instanceof Error)) return null
  if ('code' in cause && typeof cause.code === 'number') return cause.code > 0 ? errorName(cause.code) : null
  return diskCodeOf(cause) ?? nameOf(cause.cause)
}
