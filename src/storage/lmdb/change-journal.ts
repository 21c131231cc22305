import { closeSync, fstatSync, openSync, readSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { crc32 } from '../../base/crc-32.ts'
import type { DataFile } from './data-file.ts'
import { isBeingCompacted, JOURNAL_SUFFIX, removeDraft, SIGN_INTERVAL_MS } from './leftovers.ts'
import { makeOwnedFile, OWNER_BYTES } from './owned-file.ts'
import { ANNOUNCED_MS } from './place.ts'

/**
 * Behind the name of the process that compacts, the keys of each transaction are noted together: their bytes in all and the CRC-32 of these (32 bits, big-endian, each), and then each key's length (16 bits) and its bytes. A process may be killed
 * while it notes them.
 */
const HEAD_BYTES = 8
const LENGTH_BYTES = 2
/** Bytes of keys after which a compaction has to begin anew: it does not keep up. */
const JOURNAL_BYTES_MAX = 256 * 1024 * 1024

/**
 * Notes the keys of these rows of a file, which a transaction changed, for a compaction that goes on, in whatever process; without one nothing is done. To be called in each transaction, before it is committed, while the engine's lock of writers is held. One
 * that is not committed after all does no harm: the compaction looks what each key has then. Where the keys cannot be noted the compaction is ended. Throws the system's error when not even that is possible.
 */
export function noteChanges({ path, place }: DataFile, changed: readonly Buffer[]): void {
  if (!place.mayBeCompacted) return
  const journal = path + JOURNAL_SUFFIX
  const status = statSync(journal, { throwIfNoEntry: false })
  if (status === undefined) return
  const keys = withLengths(changed)
  if (keys.length === 0) return
  if (status.size > JOURNAL_BYTES_MAX || !isAppended(journal, keys)) rmSync(journal, { force: true })
}

function isAppended(journal: string, keys: Buffer): boolean {
  let file: number
  try {
    // The compaction alone makes it.
    file = openSync(journal, 'r+')
  } catch {
    return false
  }
  try {
    const head = Buffer.alloc(HEAD_BYTES)
    head.writeUInt32BE(keys.length)
    head.writeUInt32BE(crc32(keys), 4)
    const noted = Buffer.concat([head, keys])
    return writeSync(file, noted, 0, noted.length, fstatSync(file).size) === noted.length
  } catch {
    return false
  } finally {
    closeSync(file)
  }
}

function withLengths(keys: readonly Buffer[]): Buffer {
  const pieces: Buffer[] = []
  for (const key of keys) {
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt16BE(key.byteLength)
    pieces.push(length, key)
  }
  return Buffer.concat(pieces)
}

/** The journal of a compaction, as the compaction has it: what was changed since it began. */
export class ChangeJournal {
  readonly #path: string
  readonly #file: number
  readonly #sign: NodeJS.Timeout
  /** It was there to be seen by then. */
  readonly #begunAt = performance.now()
  #readBytes = OWNER_BYTES

  private constructor(path: string, file: number) {
    this.#path = path
    this.#file = file
    this.#sign = setInterval(() => this.#giveSign(), SIGN_INTERVAL_MS)
    this.#sign.unref()
  }

  /** Begins one for the file at `path`; null when another compaction has one. Throws the system's error. */
  static begin(path: string): ChangeJournal | null {
    if (isBeingCompacted(path)) return null
    removeDraft(path)
    const file = makeOwnedFile(path + JOURNAL_SUFFIX)
    return file === null ? null : new ChangeJournal(path + JOURNAL_SUFFIX, file)
  }

  /** Resolves when each process knows of it: whoever looked before it was there has to look again. */
  async isKnown(): Promise<void> {
    let leftMs: number
    while ((leftMs = this.#begunAt + ANNOUNCED_MS - performance.now()) > 0) await delay(Math.ceil(leftMs))
  }

  /** Whether each change since it began is in it; what is noted later is not read yet. */
  get isWhole(): boolean {
    const [own, there] = [fstatSync(this.#file), statSync(this.#path, { throwIfNoEntry: false })]
    return there !== undefined && there.ino === own.ino && there.dev === own.dev
  }

  /** Bytes of keys that were not read yet. */
  get waitingBytes(): number {
    return fstatSync(this.#file).size - this.#readBytes
  }

  /**
   * The keys that the next transaction changed, of those not read yet; null when there is none. Throws {@link JournalBroken} when it cannot be told: a process was killed while it noted them.
   */
  read(): Buffer[] | null {
    const head = Buffer.alloc(HEAD_BYTES)
    if (readSync(this.#file, head, 0, HEAD_BYTES, this.#readBytes) < HEAD_BYTES) return null
    const length = head.readUInt32BE(0)
    if (length > JOURNAL_BYTES_MAX) throw new JournalBroken()
    const noted = Buffer.alloc(length)
    if (readSync(this.#file, noted, 0, length, this.#readBytes + HEAD_BYTES) < length) return null
    if (crc32(noted) !== head.readUInt32BE(4)) throw new JournalBroken()
    this.#readBytes += HEAD_BYTES + length
    const keys: Buffer[] = []
    for (let at = 0; at < length;) {
      const end = at + LENGTH_BYTES + noted.readUInt16BE(at)
      keys.push(noted.subarray(at + LENGTH_BYTES, end))
      at = end
    }
    return keys
  }

  /** Ends it; nothing is noted any more. Never throws. */
  end(): void {
    clearInterval(this.#sign)
    try {
      if (this.isWhole) rmSync(this.#path, { force: true })
    } catch {
      // What is left is removed at the next start.
    }
    closeSync(this.#file)
  }

  #giveSign(): void {
    try {
      // The time of the last write is the writers'.
      if (this.isWhole) utimesSync(this.#path, new Date(), fstatSync(this.#file).mtime)
    } catch {
      // Without signs the compaction is taken for one that is over, and ends.
    }
  }
}

/** What was noted in a journal cannot be read. */
export class JournalBroken extends Error {
  override readonly name = 'JournalBroken'

  constructor() {
    super('what was changed meanwhile was not noted whole: a process was killed in the middle of it')
  }
}
