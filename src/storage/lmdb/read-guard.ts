import { readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keyAfter } from '../../base/key.ts'
import { UnreadableRecord, type Change, type Key, type StoreUnavailable } from '../metadata-store.ts'
import { bufferOf } from './buffers.ts'
import { FILE_NAME } from './environment.ts'
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
}

/**
 * Keeps processes from reading again what ended others. LMDB reads through mapped memory, where a page that the disk cannot read is no error but the end of the
 * process (SIGBUS), again and again while a client repeats its request. So a process that finds that another one ended with the store open writes down each step
 * before it makes it; what two ended at is refused from then on, and everything else is read. Costs nothing while nobody ended.
 */
export class ReadGuard {
  readonly #folder: string
  readonly #monotonicMs: () => number
  #trail: ReadTrail | null = null
  #carefulUntil = -Infinity
  #fenced = new Set<string>()
  #fencesAt = 0

  constructor(folder: string, monotonicMs: () => number = () => performance.now()) {
    this.#folder = folder
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
    return this.#fenced.size > 0 || this.#isCareful
  }

  /** To be called now and then: what other processes found out counts for this one. */
  look(): void {
    const path = join(this.#folder, FENCES_NAME)
    try {
      const { mtimeMs } = statSync(path)
      if (mtimeMs === this.#fencesAt) return
      this.#fencesAt = mtimeMs
      this.#carefulUntil = this.#monotonicMs() + CAREFUL_MS
      const { deaths } = this.#readFences()
      this.#fenced = new Set(Object.keys(deaths).filter((step) => (deaths[step] ?? 0) >= DEATHS_MIN))
    } catch {
      this.#fenced.clear()
    }
  }

  /** Reads a row, or goes on from a key. Throws {@link UnreadableRecord}. */
  step<T>(kind: Step['kind'], key: Key, read: () => T): T {
    if (this.#fenced.size > 0 && this.#fenced.has(nameOf({ kind, key: hexOf(key) })))
      throw new UnreadableRecord(kind, bufferOf(key))
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
        const next = this.step(reverse ? 'before' : 'after', at, () => iterator.next())
        if (next.done === true) return
        yield next.value
        at = keyOf(next.value)
      }
    } finally {
      iterator.return?.()
    }
  }

  /** The error for a change that would read what is fenced. */
  refusalOf({ checks = [], sets = [], deletes = [], adds = [] }: Change): StoreUnavailable | null {
    if (this.#fenced.size === 0) return null
    const isFenced = (key: Key): boolean => this.#fenced.has(nameOf({ kind: 'row', key: hexOf(key) }))
    const keys = [...[...checks, ...sets, ...adds].map(({ key }) => key), ...deletes]
    const fenced = keys.find(isFenced)
    return fenced ? new UnreadableRecord('row', bufferOf(fenced)) : null
  }

  /** The last process that closes the store in order forgets: whether the disk can be read is seen anew. */
  close(): void {
    try {
      this.#trail?.close()
      this.#trail = null
      if (!isAnyOpen(this.#folder)) unlinkSync(join(this.#folder, FENCES_NAME))
    } catch {
      // There are none, as a rule.
    }
  }

  get #isCareful(): boolean {
    return this.#carefulUntil > -Infinity && this.#monotonicMs() < this.#carefulUntil
  }

  #addDeaths(steps: readonly Step[]): void {
    const { inode, deaths } = this.#readFences()
    const counted = new Map(Object.entries(deaths))
    for (const step of steps) {
      const name = nameOf(step)
      counted.set(name, (counted.get(name) ?? 0) + 1)
    }
    const kept = Object.fromEntries([...counted].slice(-FENCES_MAX))
    const path = join(this.#folder, FENCES_NAME)
    const draft = `${path}-${process.pid}`
    writeFileSync(draft, JSON.stringify({ inode, deaths: kept } satisfies Fences), { mode: 0o600 })
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

const nameOf = ({ kind, key }: Step): string => `${kind} ${key}`
const hexOf = (key: Key): string => bufferOf(key).toString('hex')
