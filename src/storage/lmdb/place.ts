import { statSync } from 'node:fs'
import { JOURNAL_SUFFIX } from './leftovers.ts'

/** So long what was seen of a place holds. */
const LOOK_HOLDS_MS = 50
/** So long a compaction has to have its journal before it does what others must know of: each of them has looked anew by then. */
export const ANNOUNCED_MS = 4 * LOOK_HOLDS_MS

/**
 * The place of the engine's file, by its path. Another file comes there by a compaction alone, in whatever process, and that has its journal there for {@link ANNOUNCED_MS} before. Who saw the file in its
 * place, and no journal, therefore knows for {@link LOOK_HOLDS_MS} that both are so still: by the clock that never goes back, and however long a process was stopped in between, since it asks the clock
 * first. (docs/decisions/compaction.md)
 */
export class Place {
  readonly #journal: string
  readonly #isReplaced: () => boolean
  readonly #monotonicMs: () => number
  #holdsUntil = -Infinity
  #isCompacted = true
  #isLost = false

  /** `path`: of the file; `isReplaced` looks whether another one lies there. */
  constructor(path: string, isReplaced: () => boolean, monotonicMs: () => number = () => performance.now()) {
    this.#journal = path + JOURNAL_SUFFIX
    this.#isReplaced = isReplaced
    this.#monotonicMs = monotonicMs
  }

  /** Whether the file was in its place when this was asked: what was read of it before counts. Throws the system's error. */
  get isHeld(): boolean {
    if (this.#monotonicMs() < this.#holdsUntil) return !this.#isCompacted || !this.#isReplaced()
    this.#look()
    return !this.#isLost
  }

  /** Whether a compaction may go on that has to be told what is changed. Throws the system's error. */
  get mayBeCompacted(): boolean {
    if (this.#monotonicMs() >= this.#holdsUntil) this.#look()
    return this.#isCompacted
  }

  #look(): void {
    const at = this.#monotonicMs()
    // The journal first: when it was there, and is gone again, the other file is in place already.
    this.#isCompacted = statSync(this.#journal, { throwIfNoEntry: false }) !== undefined
    this.#isLost = this.#isReplaced()
    this.#holdsUntil = this.#isLost ? -Infinity : at + LOOK_HOLDS_MS
  }
}
