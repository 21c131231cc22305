import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { keyAfter } from '../../base/key.ts'
import { diskCodeOf } from '../disk-failure.ts'
import { treesOf, type FileTrees } from './data-file.ts'

/**
 * A page (numbers are little-endian, places are counted from its beginning):
 *
 *     0   its number, 64 bits
 *     18  what it is, 16 bits: {@link BRANCH}, {@link LEAF}, {@link OVERFLOW}
 *     20  bytes that the places of its nodes take, 16 bits; of an overflow page: how many pages it begins, 32 bits
 *     24  places of the nodes, in order of key, 16 bits each, counted from here
 *
 * A node: two halves of a size or of a page's number, flags, the length of the key (16 bits each), the key. In a branch halves and flags are the number of the page below, and the key is the
 * lowest one there, but that of the first node is not used. In a leaf the halves are the size of the value, which follows the key; with {@link BIG} the number of its overflow page does.
 */
const NUMBER_AT = 0
const FLAGS_AT = 18
const NODES_BYTES_AT = 20
const OVERFLOW_PAGES_AT = 20
const NODES_AT = 24
const KEY_LENGTH_AT = 6
const NODE_HEAD_BYTES = 8
const [BRANCH, LEAF, OVERFLOW, BIG] = [1, 2, 4, 1]
/** No tree is deeper. */
const DEPTH_MAX = 32
/** Others write meanwhile: a walk through pages that were written anew is made again. */
const ATTEMPTS_MAX = 8

/** Keys that cannot be reached, since the disk does not give a page on the way to them; null: no bound on that side. */
export interface HiddenKeys {
  readonly from: Buffer | null
  readonly to: Buffer | null
}

/** What is about to be read: the row of a key; or the row that follows it, `from` itself included or not; or the one in front of it. */
export type Look = 'row' | 'from' | 'after' | 'before'

/**
 * Looks by calls which pages of the engine's file the disk gives: through mapped memory, as the engine reads, one that it does not give ends the process, and a call is told of it.
 * Reads no more than the few pages between the root and a key, and says nothing of what lies in them.
 */
export class PageTree {
  readonly #file: number
  readonly #fileBytes: number
  readonly #trees: FileTrees
  readonly #readAt: ReadAt

  private constructor(file: number, trees: FileTrees, readAt: ReadAt) {
    this.#file = file
    this.#trees = trees
    this.#readAt = readAt
    this.#fileBytes = fstatSync(file).size
  }

  /** What `look` finds out in the file at `path`; null where there is no file, or where others write faster than it can be read. Throws the system's error when it cannot be opened. `readAt`: of another disk. */
  static ask<T>(path: string, look: (tree: PageTree) => T, readAt: ReadAt = readIfGiven): T | null {
    const file = openSync(path, 'r')
    try {
      for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
        const trees = treesOf(file)
        if (!trees) return null
        try {
          const found = look(new PageTree(file, trees, readAt))
          // Pages that a state does not use any more are written anew by the second commit after it, at the earliest.
          if ((treesOf(file)?.transactionId ?? Infinity) <= trees.transactionId + 1) return found
        } catch (error) {
          if (!(error instanceof NoSuchPage)) throw error
        }
      }
      return null
    } finally {
      closeSync(file)
    }
  }

  /** The keys that are hidden where `look` would go; null: all of that can be read. */
  hiddenFrom(look: Look, key: Uint8Array): HiddenKeys | null {
    const place = this.#placeOf(key, false)
    if (!place || 'from' in place) return place
    const { page, at, isExact, high } = place
    if (look === 'row') return isExact ? this.#hiddenValue(page, at, key) : null
    // Towards the front the engine first looks for the key, or for what follows it.
    const behind = at + (isExact && look === 'after' ? 1 : 0)
    if (behind >= page.count && high !== null) {
      const next = this.#placeOf(high, false)
      if (next && 'from' in next) return next
    }
    return look === 'before' ? this.#hiddenInFront(key) : null
  }

  /** Whether some page of the list of free pages cannot be read: every commit looks for free pages there. */
  get isFreeListHidden(): boolean {
    const { freeRoot } = this.#trees
    return freeRoot !== null && this.#isAnyHidden(freeRoot, 1)
  }

  #isAnyHidden(number: number, depth: number): boolean {
    if (depth > DEPTH_MAX) throw new NoSuchPage()
    const page = this.#read(number)
    if (!page) return true
    for (let at = 0; at < page.count; at++) {
      const isHidden = page.isBranch
        ? this.#isAnyHidden(page.below(at), depth + 1)
        : this.#hiddenValue(page, at, page.keyAt(at)) !== null
      if (isHidden) return true
    }
    return false
  }

  #hiddenInFront(key: Uint8Array): HiddenKeys | null {
    for (let front = key; ;) {
      const place = this.#placeOf(front, true)
      if (!place || 'from' in place) return place
      if (place.at > 0 || place.low === null) return null
      front = place.low
    }
  }

  /** The leaf in which a key lies or would lie (`isBelow`: in which the keys below it end), or what hides it; null: there are no keys. */
  #placeOf(key: Uint8Array, isBelow: boolean): Place | HiddenKeys | null {
    const { root } = this.#trees
    if (root === null) return null
    let number = root
    let low: Buffer | null = null
    let high: Buffer | null = null
    for (let depth = 1; depth <= DEPTH_MAX; depth++) {
      const page = this.#read(number)
      if (!page) return { from: low, to: high }
      const { at, isExact } = page.find(key, page.isBranch ? 1 : 0)
      if (!page.isBranch) return { page, at, isExact, low, high }
      const child: number = isExact && !isBelow ? at : at - 1
      if (child > 0) low = page.keyAt(child)
      if (child + 1 < page.count) high = page.keyAt(child + 1)
      number = page.below(child)
    }
    throw new NoSuchPage()
  }

  /** Whether pages of the value are hidden, which lie apart. */
  #hiddenValue(page: Page, at: number, key: Uint8Array): HiddenKeys | null {
    const first = page.overflowOf(at)
    if (first === null) return null
    const head = this.#read(first)
    const hidden = { from: Buffer.from(key), to: keyAfter(Buffer.from(key)) }
    if (!head) return hidden
    for (let number = first + 1; number < first + head.overflowPages; number++)
      if (!this.#read(number, true)) return hidden
    return null
  }

  /** Null: the disk does not give it. Throws {@link NoSuchPage} for what is no page of the tree any more. */
  #read(number: number, isContinued = false): Page | null {
    const { pageBytes } = this.#trees
    if (!(number >= 2) || (number + 1) * pageBytes > this.#fileBytes) throw new NoSuchPage()
    const bytes = this.#readAt(this.#file, pageBytes, number * pageBytes)
    if (bytes && !isContinued && Number(bytes.readBigUInt64LE(NUMBER_AT)) !== number) throw new NoSuchPage()
    return bytes && new Page(bytes)
  }
}

interface Place {
  readonly page: Page
  /** The first node that is not below the key. */
  readonly at: number
  readonly isExact: boolean
  readonly low: Buffer | null
  readonly high: Buffer | null
}

class Page {
  readonly #bytes: Buffer
  readonly #flags: number

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#flags = bytes.readUInt16LE(FLAGS_AT)
  }

  get isBranch(): boolean {
    return (this.#flags & BRANCH) !== 0
  }

  get count(): number {
    if ((this.#flags & (BRANCH | LEAF)) === 0) throw new NoSuchPage()
    return this.#bytes.readUInt16LE(NODES_BYTES_AT) >> 1
  }

  get overflowPages(): number {
    if ((this.#flags & OVERFLOW) === 0) throw new NoSuchPage()
    return this.#bytes.readUInt32LE(OVERFLOW_PAGES_AT)
  }

  /** The first node, of those from `first` on, whose key is not below this one, and whether it has this one. */
  find(key: Uint8Array, first: number): { readonly at: number; readonly isExact: boolean } {
    let [low, high] = [first, this.count]
    while (low < high) {
      const middle = (low + high) >> 1
      const order = Buffer.compare(this.keyAt(middle), key)
      if (order === 0) return { at: middle, isExact: true }
      if (order < 0) low = middle + 1
      else high = middle
    }
    return { at: low, isExact: false }
  }

  keyAt(at: number): Buffer {
    const node = this.#nodeAt(at)
    const start = node + NODE_HEAD_BYTES
    const end = start + this.#uint16(node + KEY_LENGTH_AT)
    if (end > this.#bytes.length) throw new NoSuchPage()
    return this.#bytes.subarray(start, end)
  }

  below(at: number): number {
    const node = this.#nodeAt(at)
    return this.#uint16(node) + this.#uint16(node + 2) * 2 ** 16 + this.#uint16(node + 4) * 2 ** 32
  }

  /** The number of the page in which a value lies apart; null: it lies here. */
  overflowOf(at: number): number | null {
    const node = this.#nodeAt(at)
    if ((this.#uint16(node + 4) & BIG) === 0) return null
    const numberAt = node + NODE_HEAD_BYTES + this.#uint16(node + KEY_LENGTH_AT)
    if (numberAt + 8 > this.#bytes.length) throw new NoSuchPage()
    return Number(this.#bytes.readBigUInt64LE(numberAt))
  }

  #nodeAt(at: number): number {
    return NODES_AT + this.#uint16(NODES_AT + 2 * at)
  }

  #uint16(at: number): number {
    if (at + NODE_HEAD_BYTES > this.#bytes.length + KEY_LENGTH_AT) throw new NoSuchPage()
    return this.#bytes.readUInt16LE(at)
  }
}

/** What was read is no page of the state any more: another process wrote there. */
class NoSuchPage extends Error {}

/** Reads a page; null: the disk does not give it. */
type ReadAt = (file: number, length: number, at: number) => Buffer | null

function readIfGiven(file: number, length: number, at: number): Buffer | null {
  const bytes = Buffer.alloc(length)
  try {
    return readSync(file, bytes, 0, length, at) === length ? bytes : null
  } catch (error) {
    if (diskCodeOf(error) === 'EIO') return null
    throw error
  }
}
