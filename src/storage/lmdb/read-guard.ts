import { readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keyAfter } from '../../base/key.ts'
import { UnreadableRecord, type Change, type Key, type StoreUnavailable } from '../metadata-store.ts'
import { bufferOf } from './buffers.ts'
import { FILE_NAME } from './environment.ts'
import { PageTree, type HiddenKeys, type Look } from './page-tree.ts'
import { isAnyOpen, ReadTrail, takeLeftTrails, type Step } from './read-trail.ts'

/** Beside the store's file: what ended processes that read it. */
const FENCES_NAME = `${FILE_NAME}-fences`
/** After a process ended without closing the store, those that have it open write down what they read for so long. */
const CAREFUL_MS = 10 * 60_000
/** One that was killed in the midst of a read left the same behind as one that the read ended: the second time tells. */
const DEATHS_MIN = 2
const FENCES_MAX = 1_000

interface Fences {
  /** Of the store's file: another file has other pages. */
  readonly inode: number
  /** How many processes ended at a step, by its text. */
  readonly deaths: Readonly<Record<string, number>>
  /** What pages hide that calls were not given, from which key to which, hexadecimal. */
  readonly hidden?: readonly (readonly [string | null, string | null])[]
}

/**
 * Keeps processes from reading again what ended others. LMDB reads through mapped memory, where a page that the disk cannot read is no error but the end of the
 * process (SIGBUS), again and again while a client repeats its request. So a process that finds that another one ended with the store open asks for the pages of each step by calls
 * before it makes it ({@link PageTree}), and refuses those that it is not given. It writes down the step, too: what two ended at all the same is refused from then on. Everything else is read. Costs nothing while nobody ended.
 */
export class ReadGuard {
  readonly #folder: string
  readonly #path: string
  readonly #monotonicMs: () => number
  #trail: ReadTrail | null = null
  #carefulUntil = -Infinity
  #fenced = new Set<string>()
  #fencesAt = 0
  #hidden: readonly HiddenKeys[] = []

  constructor(folder: string, monotonicMs: () => number = () => performance.now()) {
    this.#folder = folder
    this.#path = join(folder, FILE_NAME)
    this.#monotonicMs = monotonicMs
    try {
      const { isAny, steps } = takeLeftTrails(folder)
      if (isAny) this.#addDeaths(steps)
      this.#trail = new ReadTrail(folder)
    } catch {
      // A full disk, or one that is read only, is opened all the same.
    }
    this.look()
  }

  /** Whether each step of a read is to be made through {@link step}. */
  get isOn(): boolean {
    return this.#fenced.size > 0 || this.#hidden.length > 0 || this.#isCareful
  }

  /** The keys that pages hide which the disk does not give, as far as somebody came across them. */
  get hidden(): readonly HiddenKeys[] {
    return this.#hidden
  }

  /** To be called now and then: what other processes found out counts for this one. */
  look(): void {
    const path = join(this.#folder, FENCES_NAME)
    try {
      const { mtimeMs } = statSync(path)
      if (mtimeMs === this.#fencesAt) return
      this.#fencesAt = mtimeMs
      this.#carefulUntil = this.#monotonicMs() + CAREFUL_MS
      const { deaths, hidden = [] } = this.#readFences()
      this.#fenced = new Set(Object.keys(deaths).filter((step) => (deaths[step] ?? 0) >= DEATHS_MIN))
      this.#hidden = hidden.map(([from, to]) => ({ from: bytesOf(from), to: bytesOf(to) }))
    } catch {
      this.#fenced.clear()
    }
    // A page that was written anew, elsewhere, hides nothing any more.
    if (this.#hidden.length > 0) this.#hidden = this.#hidden.filter((keys) => this.#isStillHidden(keys))
  }

  /** What lies where this would look is hidden: to be told to other processes, and to those that come. */
  noteHidden(keys: HiddenKeys): void {
    if (this.#hidden.some((known) => isSame(known, keys))) return
    this.#hidden = [...this.#hidden, keys].slice(-FENCES_MAX)
    try {
      const { deaths, hidden = [] } = this.#readFences()
      this.#writeFences(deaths, [...hidden, textOf(keys)])
    } catch {
      // A disk that takes no writes: each process finds it out for itself.
    }
  }

  /** Looks whether the disk gives the pages that a read touches; `named`: what the record is called to whoever reads, when it is not the key. Throws {@link UnreadableRecord}. */
  assertGiven(look: Look, key: Key, named: { readonly what: Step['kind']; readonly key: Key }): void {
    const hidden = this.#hiddenFrom(look, key)
    if (!hidden) return
    this.noteHidden(hidden)
    throw new UnreadableRecord(named.what, bufferOf(named.key))
  }

  /** Reads a row, or goes on from a key, which itself counts where `look` is `from`. Throws {@link UnreadableRecord}. */
  step<T>(kind: Step['kind'], key: Key, read: () => T, look: Look = kind): T {
    if (this.#fenced.size > 0 && this.#fenced.has(nameOf({ kind, key: hexOf(key) })))
      throw new UnreadableRecord(kind, bufferOf(key))
    if (this.isOn) this.assertGiven(look, key, { what: kind, key })
    if (!this.#trail || !this.#isCareful) return read()
    try {
      this.#trail.note(kind, key)
    } catch {
      return read()
    }
    try {
      return read()
    } finally {
      this.#trail.clear()
    }
  }

  /** The steps of an iteration that begins at `start`; none is made that can find nothing before `end`, or behind `limit`. Throws as {@link step}. */
  *each<T>(
    entries: Iterable<T>,
    {
      start,
      end,
      limit = Infinity,
      keyOf,
      reverse,
    }: {
      readonly start: Key
      readonly end: Key
      readonly limit?: number
      readonly keyOf: (entry: T) => Key
      readonly reverse: boolean
    },
  ): Generator<T> {
    const iterator: Iterator<T, unknown> = entries[Symbol.iterator]()
    try {
      let at = start
      for (let made = 0; made < limit; made++) {
        const isLast = reverse
          ? Buffer.compare(at, end) <= 0
          : Buffer.compare(keyAfter(bufferOf(at)), end) >= 0
        if (made > 0 && isLast) return
        const look = reverse ? 'before' : made === 0 ? 'from' : 'after'
        const next = this.step(reverse ? 'before' : 'after', at, () => iterator.next(), look)
        if (next.done === true) return
        yield next.value
        at = keyOf(next.value)
      }
    } finally {
      iterator.return?.()
    }
  }

  /** The error for a change that would read what is fenced. */
  refusalOf(change: Change): StoreUnavailable | null {
    if (!this.isOn) return null
    const { checks = [], sets = [], deletes = [], adds = [], emptyRanges = [] } = change
    try {
      for (const key of [...[...checks, ...sets, ...adds].map((each) => each.key), ...deletes])
        this.step('row', key, () => undefined)
      for (const { start } of emptyRanges) this.assertGiven('from', start, { what: 'after', key: start })
      return null
    } catch (error) {
      if (error instanceof UnreadableRecord) return error
      throw error
    }
  }

  /** The last process that closes the store in order forgets where others ended; what the disk does not give is asked for again by the next one. */
  close(): void {
    try {
      this.#trail?.close()
      this.#trail = null
      if (isAnyOpen(this.#folder)) return
      const { hidden = [] } = this.#readFences()
      if (hidden.length > 0) this.#writeFences({}, hidden)
      else unlinkSync(join(this.#folder, FENCES_NAME))
    } catch {
      // There are none, as a rule.
    }
  }

  get #isCareful(): boolean {
    return this.#carefulUntil > -Infinity && this.#monotonicMs() < this.#carefulUntil
  }

  /** By what a call was given, if one can be made: a file that cannot be opened is nobody's answer. */
  #hiddenFrom(look: Look, key: Key): HiddenKeys | null {
    try {
      return PageTree.ask(this.#path, (tree) => tree.hiddenFrom(look, key))
    } catch {
      return null
    }
  }

  #isStillHidden({ from, to }: HiddenKeys): boolean {
    const now = this.#hiddenFrom('row', from ?? FIRST_KEY)
    return now !== null && isSame(now, { from, to })
  }

  #addDeaths(steps: readonly Step[]): void {
    const { deaths, hidden = [] } = this.#readFences()
    const counted = new Map(Object.entries(deaths))
    for (const step of steps) {
      const name = nameOf(step)
      counted.set(name, (counted.get(name) ?? 0) + 1)
    }
    this.#writeFences(Object.fromEntries([...counted].slice(-FENCES_MAX)), hidden)
  }

  #writeFences(deaths: Fences['deaths'], hidden: NonNullable<Fences['hidden']>): void {
    const path = join(this.#folder, FENCES_NAME)
    const draft = `${path}-${process.pid}`
    const { inode } = this.#readFences()
    const kept = [...new Map(hidden.map((each) => [JSON.stringify(each), each])).values()].slice(-FENCES_MAX)
    writeFileSync(draft, JSON.stringify({ inode, deaths, hidden: kept } satisfies Fences), { mode: 0o600 })
    renameSync(draft, path)
  }

  #readFences(): Fences {
    const inode = statSync(join(this.#folder, FILE_NAME)).ino
    try {
      const fences = JSON.parse(readFileSync(join(this.#folder, FENCES_NAME), 'utf8')) as Fences
      if (fences.inode === inode) return fences
    } catch {
      // None, or none that can be read.
    }
    return { inode, deaths: {} }
  }
}

/** No key is below it. */
const FIRST_KEY = Buffer.alloc(0)

const bytesOf = (hex: string | null): Buffer | null => (hex === null ? null : Buffer.from(hex, 'hex'))
const textOf = ({ from, to }: HiddenKeys) => [from && hexOf(from), to && hexOf(to)] as const
const isSame = (one: HiddenKeys, other: HiddenKeys): boolean =>
  JSON.stringify(textOf(one)) === JSON.stringify(textOf(other))

const nameOf = ({ kind, key }: Step): string => `${kind} ${key}`
const hexOf = (key: Key): string => bufferOf(key).toString('hex')
