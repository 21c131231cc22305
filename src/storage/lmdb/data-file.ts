import {
  closeSync,
  fdatasync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import { promisify } from 'node:util'
import { Place } from './place.ts'

const datasync = promisify(fdatasync)

/**
 * The pages that say which state of the file counts, the first two of it. Each begins with a header, and has at these places (little-endian):
 * the magic number, the size of pages (32 bits), the number of the page with which the list of free pages begins, how many rows there are, with which page they begin, the number of the last page in use, and
 * that of the transaction that wrote it (64 bits each).
 */
const META_PAGES = 2
const META_MAGIC = 0xbeefc0de
const MAGIC_AT = 24
const PAGE_BYTES_AT = 48
const FREE_ROOT_AT = 88
const ROWS_AT = 128
const ROOT_AT = 136
const LAST_PAGE_AT = 144
const TRANSACTION_AT = 152
const META_END = 160
/** Where there is no such page. */
const NO_PAGE = 2n ** 64n - 1n
/** Pages are as large as the machine's; all that Lugsail runs on have pages of 4 KiB, 16 KiB or 64 KiB. */
const PAGE_BYTES = [4_096, 16_384, 65_536] as const

/** A state that the file has, as its page says it. */
export interface FileState {
  /** Number of the transaction that made it. */
  readonly transactionId: number
  /** Keys of the engine with what each has. */
  readonly rows: number
  readonly pageBytes: number
  /** Bytes from the beginning of the file to the end of the last page in use. */
  readonly usedBytes: number
}

/** A state, with the numbers of the pages with which its rows and its list of free pages begin; null: there are none. */
export interface FileTrees extends FileState {
  readonly root: number | null
  readonly freeRoot: number | null
}

/**
 * The engine's file, held open beside the engine: what the engine does not tell is read from it, and while it is held its inode belongs to no other file. That
 * the engine writes through mapped memory or by calls makes no difference to who reads.
 */
export class DataFile {
  readonly path: string
  readonly place: Place
  readonly #file: number
  readonly #id: string
  readonly #meta = Buffer.alloc(PAGE_BYTES[2] + META_END)
  #isClosed = false
  #pageBytes: number | null = null
  #bytesAtLeast = 0

  private constructor(path: string, file: number) {
    this.path = path
    this.place = new Place(path, () => this.isReplaced)
    this.#file = file
    this.#id = idOf(fstatSync(file))
  }

  /** Opens it, for writing where that is allowed. Throws the system's error. */
  static open(path: string): DataFile {
    try {
      return new DataFile(path, openSync(path, 'r+'))
    } catch (error) {
      if (!isRefused(error)) throw error
      return new DataFile(path, openSync(path, 'r'))
    }
  }

  get bytes(): number {
    return fstatSync(this.#file).size
  }

  /** Whether it is so long. It becomes no shorter while it is open, so that the system is not asked each time. */
  hasBytes(bytes: number): boolean {
    if (bytes > this.#bytesAtLeast) this.#bytesAtLeast = this.bytes
    return bytes <= this.#bytesAtLeast
  }

  get pageBytes(): number {
    return (this.#pageBytes ??= this.#readPageBytes())
  }

  /** How long the pages are that say which state counts, from the beginning of the file on. */
  get metaBytes(): number {
    return META_PAGES * this.pageBytes
  }

  /** Whether another file lies at its path: the store was compacted. A path at which nothing lies has no other file. */
  get isReplaced(): boolean {
    const status = statSync(this.path, { throwIfNoEntry: false })
    return status !== undefined && idOf(status) !== this.#id
  }

  /** The newest state in it, which counts. */
  newestState(): FileState {
    const [first, second] = this.#states()
    return first.transactionId > second.transactionId ? first : second
  }

  /** Makes the file as long as that, by zeros behind its end; what is there is never written over. Throws the system's error. */
  growTo(bytes: number): void {
    const { size } = fstatSync(this.#file)
    for (let at = size; at < bytes;)
      at += writeSync(this.#file, ZEROS, 0, Math.min(ZEROS.length, bytes - at), at)
  }

  /** Cuts off what lies behind the last page in use. For a file that nobody has open. */
  cutToUsed(): void {
    ftruncateSync(this.#file, this.newestState().usedBytes)
    this.#bytesAtLeast = 0
  }

  /**
   * Gives the newest state the number `transactionId`, and the page of the other one the same state under the number before it, and syncs the file. The next transaction gets the
   * number after it. For a file that nobody has open, and whose own numbers are lower.
   */
  async renumber(transactionId: number): Promise<void> {
    const { pageBytes, transactionId: own } = this.newestState()
    if (own >= transactionId) throw new RangeError(`expected a number above ${own}, got ${transactionId}`)
    const page = Buffer.alloc(pageBytes)
    readSync(this.#file, page, 0, pageBytes, pageBytes * (own % META_PAGES))
    for (const id of [transactionId - 1, transactionId]) {
      const at = id % META_PAGES
      const meta = Buffer.from(page)
      // The page's own number comes first in it.
      meta.writeBigUInt64LE(BigInt(at), 0)
      meta.writeBigUInt64LE(BigInt(id), TRANSACTION_AT)
      writeSync(this.#file, meta, 0, pageBytes, pageBytes * at)
    }
    await datasync(this.#file)
  }

  /** Syncs it. Rejects with what the disk answers. */
  sync(): Promise<void> {
    return datasync(this.#file)
  }

  close(): void {
    if (!this.#isClosed) closeSync(this.#file)
    this.#isClosed = true
  }

  #states(): [FileState, FileState] {
    const { pageBytes } = this
    readSync(this.#file, this.#meta, 0, pageBytes + META_END, 0)
    return [stateIn(this.#meta, 0, pageBytes), stateIn(this.#meta, pageBytes, pageBytes)]
  }

  #readPageBytes(): number {
    readSync(this.#file, this.#meta, 0, META_END, 0)
    return this.#meta.readUInt32LE(PAGE_BYTES_AT)
  }
}

function stateIn(meta: Buffer, at: number, pageBytes: number): FileState {
  return {
    transactionId: uint64At(meta, at + TRANSACTION_AT),
    rows: uint64At(meta, at + ROWS_AT),
    pageBytes,
    usedBytes: (uint64At(meta, at + LAST_PAGE_AT) + 1) * pageBytes,
  }
}

/** The newest state of an open file of the engine; null while it has none. Throws the system's error. */
export function treesOf(file: number): FileTrees | null {
  const meta = Buffer.alloc(META_END)
  const metas: Buffer[] = []
  let pageBytes = 0
  for (let at = 0; at < META_PAGES; at++) {
    if (readSync(file, meta, 0, META_END, at * pageBytes) < META_END) return null
    if (meta.readUInt32LE(MAGIC_AT) !== META_MAGIC) return null
    pageBytes = meta.readUInt32LE(PAGE_BYTES_AT)
    metas.push(Buffer.from(meta))
  }
  const [first, second] = metas.map((each): FileTrees => {
    const rootAt = (place: number): number | null => {
      const root = each.readBigUInt64LE(place)
      return root === NO_PAGE ? null : Number(root)
    }
    return { ...stateIn(each, 0, pageBytes), root: rootAt(ROOT_AT), freeRoot: rootAt(FREE_ROOT_AT) }
  })
  if (!first || !second) return null
  return first.transactionId > second.transactionId ? first : second
}

const uint64At = (bytes: Buffer, at: number): number =>
  bytes.readUInt32LE(at) + 2 ** 32 * bytes.readUInt32LE(at + 4)

const ZEROS = Buffer.alloc(256 * 1024)

const idOf = ({ dev, ino }: { readonly dev: number; readonly ino: number }): string => `${dev} ${ino}`

const isRefused = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['EROFS', 'EACCES', 'EPERM'].includes(String(error.code))

/** The engine does not outlive a file that is none of its own. Throws for such a file; a missing or empty one is a new store. */
export function checkHeader(path: string): void {
  const header = readStart(path)
  if (header.length === 0) return
  const isMeta = (at: number): boolean =>
    header.length >= at + MAGIC_AT + 4 && header.readUInt32LE(at + MAGIC_AT) === META_MAGIC
  // The second page begins where the first one ends.
  const isWhole = isMeta(0) && PAGE_BYTES.some(isMeta)
  if (!isWhole) throw new Error('the file is damaged, or no file of LMDB; restore it from a backup')
}

function readStart(path: string): Buffer {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
  try {
    const start = Buffer.alloc(Math.max(...PAGE_BYTES) + MAGIC_AT + 4)
    return start.subarray(0, readSync(file, start, 0, start.length, 0))
  } finally {
    closeSync(file)
  }
}
