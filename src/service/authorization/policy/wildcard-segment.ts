import type { MatchingWork } from './matching-work.ts'

/** Bits of the numbers that JavaScript computes with bit by bit. */
const WORD_BITS = 32

/** A piece of a pattern without `*`; `?` stands for any one character. */
export class Segment {
  readonly #pattern: string
  readonly #first: string
  /** NaN: empty. */
  readonly #firstCode: number
  readonly #hasAny: boolean
  /** For long pieces without `?`; made when first needed. */
  #search: { readonly codes: Uint16Array; readonly borders: Uint16Array | Uint32Array } | null = null

  constructor(pattern: string) {
    this.#pattern = pattern
    this.#first = pattern.slice(0, 1)
    this.#firstCode = pattern.charCodeAt(0)
    this.#hasAny = pattern.includes('?')
  }

  /** Characters of every text that it stands for. */
  get length(): number {
    return this.#pattern.length
  }

  /** Whether it stands in `text` at `at`. */
  isAt(text: string, at: number): boolean {
    if (!this.#hasAny) {
      // Most texts differ in the first character, which is looked at in a tenth of the time.
      return (
        this.length === 0 || (text.charCodeAt(at) === this.#firstCode && text.startsWith(this.#pattern, at))
      )
    }
    for (let i = 0; i < this.#pattern.length; i++) {
      const wanted = this.#pattern.charCodeAt(i)
      if (wanted !== ANY && wanted !== text.charCodeAt(at + i)) return false
    }
    return at + this.#pattern.length <= text.length
  }

  /**
   * The first place in `text`, from `from` on, where it stands and ends at `end` at the latest; −1 when there is none. Throws TooMuchMatching
   * when `work` is spent.
   */
  find(text: string, from: number, end: number, work: MatchingWork | null): number {
    const { length } = this.#pattern
    if (end - from < length) return -1
    if (this.#hasAny) {
      // Counted before, since all of it is done for each word of the pattern.
      work?.spend(MASKS_UNITS + Math.ceil(length / WORD_BITS) * ((end - from) >> MASKED_OF_UNIT_LOG))
      return findWithAny(this.#pattern, text, from, end)
    }
    if (length > SHORT_CHARACTERS_MAX) {
      const at = this.#findLong(text, from, end)
      work?.spend(1 + (((at < 0 ? end : at + length) - from) >> STEPS_OF_UNIT_LOG))
      return at
    }
    // Most texts hold the first character seldom, and the built-in search passes over all others.
    let at = from
    for (let tries = 1; tries <= TRIES_MAX; tries++) {
      at = text.indexOf(this.#first, at)
      if (at < 0 || at + length > end) at = -1
      if (at < 0 || length === 1 || text.startsWith(this.#pattern, at)) {
        work?.spend(tries + (((at < 0 ? text.length : at) - from) >> SKIPS_OF_UNIT_LOG))
        return at
      }
      at++
    }
    const found = findShort(this.#pattern, text, at, end)
    work?.spend(TRIES_MAX + (((found < 0 ? end : found + length) - from) >> STEPS_OF_UNIT_LOG))
    return found
  }

  /** Knuth, Morris and Pratt's search: each character of the text is looked at once, however both repeat themselves. */
  #findLong(text: string, from: number, end: number): number {
    const { codes, borders } = (this.#search ??= searchFor(this.#pattern))
    const { length } = codes
    let matched = 0
    for (let i = from; i < end; i++) {
      const character = text.charCodeAt(i)
      while (matched > 0 && codes[matched] !== character) matched = borders[matched - 1] ?? 0
      if (codes[matched] === character && ++matched === length) return i + 1 - length
    }
    return -1
  }
}

const ANY = '?'.charCodeAt(0)

/** Up to this length, the built-in search is at worst so many times slower than one that never looks back; its every step is far faster. */
const SHORT_CHARACTERS_MAX = 16
/** Places that are tried before it is counted that each character is looked at. */
const TRIES_MAX = 4

/** Characters that are looked at one by one in the time of a unit of work, as a power of two; and those that the built-in search passes over. */
const STEPS_OF_UNIT_LOG = 1
const SKIPS_OF_UNIT_LOG = 6
/** As many with masks: a step each, without looking back. */
const MASKED_OF_UNIT_LOG = 2
/** To make the masks of a word. */
const MASKS_UNITS = 32

function findShort(pattern: string, text: string, from: number, end: number): number {
  const at = text.indexOf(pattern, from)
  return at + pattern.length <= end ? at : -1
}

/** `borders`: for each beginning of the pattern, the length of the longest shorter one that it also ends with. */
function searchFor(pattern: string): { codes: Uint16Array; borders: Uint16Array | Uint32Array } {
  const codes = Uint16Array.from({ length: pattern.length }, (_, index) => pattern.charCodeAt(index))
  const borders = pattern.length <= 0xffff ? new Uint16Array(pattern.length) : new Uint32Array(pattern.length)
  let border = 0
  for (let i = 1; i < codes.length; i++) {
    while (border > 0 && codes[border] !== codes[i]) border = borders[border - 1] ?? 0
    if (codes[border] === codes[i]) border++
    borders[i] = border
  }
  return { codes, borders }
}

function findWithAny(pattern: string, text: string, from: number, end: number): number {
  if (pattern.length <= WORD_BITS) return findWord(pattern, text, from, end)
  // Places are kept for the pattern's first word of characters, and struck out where one of the others does not follow.
  const places = new Uint8Array(end - from - pattern.length + 1).fill(1)
  for (let at = 0; at < pattern.length; at += WORD_BITS) {
    const word = pattern.slice(at, at + WORD_BITS)
    if (!keepPlaces(word, text, from + at, places)) return -1
  }
  const first = places.indexOf(1)
  return first < 0 ? -1 : from + first
}

/** Strikes out the places at which `word` does not stand, counted from `from`. False: none is left. */
function keepPlaces(word: string, text: string, from: number, places: Uint8Array): boolean {
  const masks = new Masks(word)
  const isWhole = 1 << (word.length - 1)
  let isLeft = false
  let state = 0
  for (let i = 0; i < places.length + word.length - 1; i++) {
    state = ((state << 1) | 1) & masks.of(text.charCodeAt(from + i))
    const place = i + 1 - word.length
    if (place < 0 || places[place] === 0) continue
    if ((state & isWhole) === 0) places[place] = 0
    else isLeft = true
  }
  return isLeft
}

function findWord(word: string, text: string, from: number, end: number): number {
  const masks = new Masks(word)
  const isWhole = 1 << (word.length - 1)
  let state = 0
  for (let i = from; i < end; i++) {
    state = ((state << 1) | 1) & masks.of(text.charCodeAt(i))
    if ((state & isWhole) !== 0) return i + 1 - word.length
  }
  return -1
}

const LATIN_CHARACTERS = 256

/** For a character, the bits of the places in a word where it may stand: shift-and search (Baeza-Yates and Gonnet) has one bit a place. */
class Masks {
  readonly #ofLatin = new Int32Array(LATIN_CHARACTERS)
  readonly #ofOthers = new Map<number, number>()
  /** The bits of `?`. */
  readonly #ofAll: number

  constructor(word: string) {
    let ofAll = 0
    for (let i = 0; i < word.length; i++) if (word.charCodeAt(i) === ANY) ofAll |= 1 << i
    this.#ofAll = ofAll
    this.#ofLatin.fill(ofAll)
    for (let i = 0; i < word.length; i++) {
      const character = word.charCodeAt(i)
      if (character === ANY) continue
      const mask = this.of(character) | (1 << i)
      if (character < LATIN_CHARACTERS) this.#ofLatin[character] = mask
      else this.#ofOthers.set(character, mask)
    }
  }

  of(character: number): number {
    return character < LATIN_CHARACTERS
      ? (this.#ofLatin[character] ?? 0)
      : (this.#ofOthers.get(character) ?? this.#ofAll)
  }
}
