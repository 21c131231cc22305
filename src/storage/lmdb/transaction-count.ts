import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'

/**
 * The head of the engine's lock file (little-endian): magic number (32 bits), format (32 bits), the number of the last transaction that was committed (64 bits), in whatever
 * process and to whichever of the files that share it. The engine's own `getLastTxnId` is something else: the transaction that last wrote the page of the key that was found last.
 */
const HEAD_BYTES = 16
const MAGIC = 0xbeefc0de
const NUMBER_AT = 8
const HIGH_WORD = 2 ** 32

/** A lock file that is open here as well. */
interface LockFile {
  readonly id: string
  readonly descriptor: number
  users: number
}

/** By inodes. */
const lockFiles = new Map<string, LockFile>()

/** Tells how many transactions were committed to a store, at the cost of one system call. */
export class TransactionCount {
  readonly #file: LockFile | null
  readonly #head = Buffer.alloc(HEAD_BYTES)

  /** `path`: of the engine's lock file, which the engine has open. */
  constructor(path: string) {
    this.#file = openOnce(path)
  }

  /** The number of the last transaction. NaN, which equals nothing: it cannot be told here. */
  read(): number {
    if (this.#file === null) return NaN
    const head = this.#head
    try {
      if (readSync(this.#file.descriptor, head, 0, HEAD_BYTES, 0) < HEAD_BYTES) return NaN
    } catch {
      return NaN
    }
    if (head.readUInt32LE(0) !== MAGIC) return NaN
    return head.readUInt32LE(NUMBER_AT) + head.readUInt32LE(NUMBER_AT + 4) * HIGH_WORD
  }

  /**
   * To be called once, when the engine has closed the file, and never before: by POSIX, a process that closes any descriptor of a file loses all locks that it has on it, and the engine
   * tells by such locks who uses its table of readers.
   */
  close(): void {
    const file = this.#file
    if (file === null || --file.users > 0) return
    lockFiles.delete(file.id)
    closeSync(file.descriptor)
  }
}

function openOnce(path: string): LockFile | null {
  try {
    const known = lockFiles.get(idOf(statSync(path)))
    if (known) {
      known.users++
      return known
    }
    const descriptor = openSync(path, 'r')
    const opened: LockFile = { id: idOf(fstatSync(descriptor)), descriptor, users: 1 }
    lockFiles.set(opened.id, opened)
    return opened
  } catch {
    // What cannot be opened is asked nothing: each read then looks at the place of the data.
    return null
  }
}

const idOf = ({ dev, ino }: { readonly dev: number; readonly ino: number }): string => `${dev} ${ino}`
