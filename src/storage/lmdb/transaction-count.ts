import { fstatSync, openSync, readSync, statSync } from 'node:fs'

/**
 * The head of the engine's lock file (little-endian): magic number (32 bits), format (32 bits), the number of the last transaction that was committed (64 bits), in whatever
 * process and to whichever of the files that share it. The engine's own `getLastTxnId` is something else: the transaction that last wrote the page of the key that was found last.
 */
const HEAD_BYTES = 16
const MAGIC = 0xbeefc0de
const NUMBER_AT = 8
const HIGH_WORD = 2 ** 32

/**
 * Lock files that are open here as well, by their inodes. They stay open until the process ends: by POSIX, a process that closes any descriptor of a file loses all locks that it has on it.
 * By such locks the engine tells who uses its table of readers, and that may be until later than its environment says that it is closed: a process that opens the file at that
 * moment would think itself alone and make the table anew.
 */
const lockFiles = new Map<string, number>()

/** Tells how many transactions were committed to a store, at the cost of one system call. */
export class TransactionCount {
  readonly #file: number | null
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
      if (readSync(this.#file, head, 0, HEAD_BYTES, 0) < HEAD_BYTES) return NaN
    } catch {
      return NaN
    }
    if (head.readUInt32LE(0) !== MAGIC) return NaN
    return head.readUInt32LE(NUMBER_AT) + head.readUInt32LE(NUMBER_AT + 4) * HIGH_WORD
  }
}

function openOnce(path: string): number | null {
  try {
    const known = lockFiles.get(idOf(statSync(path)))
    if (known !== undefined) return known
    const descriptor = openSync(path, 'r')
    lockFiles.set(idOf(fstatSync(descriptor)), descriptor)
    return descriptor
  } catch {
    // What cannot be opened is asked nothing: each read then looks at the place of the data.
    return null
  }
}

const idOf = ({ dev, ino }: { readonly dev: number; readonly ino: number }): string => `${dev} ${ino}`
