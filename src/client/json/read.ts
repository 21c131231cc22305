import { Float, OrderedRecord, toInteger } from '../values.ts'
import type { WireRecord, WireValue } from '../values.ts'

/** Text that is not JSON. The message has the place as Python's reader gives it, since users compare it with AWS CLI's. */
export class JsonError extends Error {
  constructor(problem: string, text: string, at: number) {
    const before = Array.from(text.slice(0, at))
    const line = before.filter((character) => character === '\n').length + 1
    const column = before.length - before.lastIndexOf('\n')
    super(`${problem}: line ${line} column ${column} (char ${before.length})`)
  }
}

/** Nesting beyond this is refused rather than followed down the stack. */
const DEPTH_MAX = 500

/**
 * Reads JSON, with the differences of Python's reader: integers and floats are told apart, `NaN`, `Infinity` and `-Infinity` are
 * numbers, and of a repeated member the last counts. `isOrdered` makes its objects {@link OrderedRecord}s.
 */
export function readJson(
  text: string,
  { isOrdered = false }: { readonly isOrdered?: boolean } = {},
): WireValue {
  const reader = new Reader(text, isOrdered)
  return reader.readAll()
}

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y
const PLAIN = /[^"\\\u0000-\u001f]*/y
const CONSTANTS: Readonly<Record<string, WireValue>> = {
  true: true,
  false: false,
  null: null,
  NaN: new Float(NaN),
  Infinity: new Float(Infinity),
  '-Infinity': new Float(-Infinity),
}
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

class Reader {
  readonly #text: string
  readonly #isOrdered: boolean
  #at = 0
  #depth = 0

  constructor(text: string, isOrdered: boolean) {
    this.#text = text
    this.#isOrdered = isOrdered
  }

  readAll(): WireValue {
    if (this.#text.startsWith('\ufeff')) this.#fail('Unexpected UTF-8 BOM (decode using utf-8-sig)', 0)
    this.#skipSpace()
    const value = this.#value()
    this.#skipSpace()
    if (this.#at < this.#text.length) this.#fail('Extra data', this.#at)
    return value
  }

  #fail(problem: string, at: number): never {
    throw new JsonError(problem, this.#text, at)
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return
      this.#at++
    }
  }

  #value(): WireValue {
    const first = this.#text.charAt(this.#at)
    if (first === '"') return this.#string()
    if (first === '{' || first === '[') {
      if (++this.#depth > DEPTH_MAX) this.#fail('Nested too deeply', this.#at)
      const value = first === '{' ? this.#record() : this.#list()
      this.#depth--
      return value
    }
    for (const [word, value] of Object.entries(CONSTANTS)) {
      if (first === word.charAt(0) && this.#text.startsWith(word, this.#at)) {
        this.#at += word.length
        return value
      }
    }
    return this.#number()
  }

  #number(): WireValue {
    NUMBER.lastIndex = this.#at
    const match = NUMBER.exec(this.#text)
    if (match === null) this.#fail('Expecting value', this.#at)
    this.#at += match[0].length
    return match[1] === undefined && match[2] === undefined
      ? toInteger(match[0])
      : new Float(Number(match[0]))
  }

  #record(): WireRecord {
    const record: WireRecord = this.#isOrdered ? new OrderedRecord() : new Map<string, WireValue>()
    this.#at++
    this.#skipSpace()
    if (this.#text.charAt(this.#at) === '}') {
      this.#at++
      return record
    }
    for (;;) {
      if (this.#text.charAt(this.#at) !== '"')
        this.#fail('Expecting property name enclosed in double quotes', this.#at)
      const name = this.#string()
      this.#skipSpace()
      if (this.#text.charAt(this.#at) !== ':') this.#fail("Expecting ':' delimiter", this.#at)
      this.#at++
      this.#skipSpace()
      record.set(name, this.#value())
      this.#skipSpace()
      const next = this.#text.charAt(this.#at)
      if (next === '}') break
      if (next !== ',') this.#fail("Expecting ',' delimiter", this.#at)
      this.#at++
      this.#skipSpace()
    }
    this.#at++
    return record
  }

  #list(): WireValue[] {
    const list: WireValue[] = []
    this.#at++
    this.#skipSpace()
    if (this.#text.charAt(this.#at) === ']') {
      this.#at++
      return list
    }
    for (;;) {
      list.push(this.#value())
      this.#skipSpace()
      const next = this.#text.charAt(this.#at)
      if (next === ']') break
      if (next !== ',') this.#fail("Expecting ',' delimiter", this.#at)
      this.#at++
      this.#skipSpace()
    }
    this.#at++
    return list
  }

  #string(): string {
    const start = this.#at++
    let value = ''
    for (;;) {
      PLAIN.lastIndex = this.#at
      const plain = PLAIN.exec(this.#text)?.[0] ?? ''
      value += plain
      this.#at += plain.length
      const next = this.#text.charAt(this.#at)
      if (next === '"') {
        this.#at++
        return value
      }
      if (next === '') this.#fail('Unterminated string starting at', start)
      if (next !== '\\') this.#fail('Invalid control character at', this.#at)
      value += this.#escape(start)
    }
  }

  #escape(start: number): string {
    const backslash = this.#at
    const letter = this.#text.charAt(backslash + 1)
    if (letter === '') this.#fail('Unterminated string starting at', start)
    if (letter === 'u') {
      const digits = this.#text.slice(backslash + 2, backslash + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.#fail('Invalid \\uXXXX escape', backslash + 1)
      this.#at += 6
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    const character = ESCAPES[letter]
    if (character === undefined) this.#fail('Invalid \\escape', backslash)
    this.#at += 2
    return character
  }
}
