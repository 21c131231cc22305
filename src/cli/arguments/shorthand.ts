import type { WireRecord, WireValue } from '../../client/values.ts'

/** Text that is not shorthand syntax; says what was expected, and shows where. */
export class ShorthandError extends Error {}

/** Reads the content of a local file that a value refers to after `@=`; undefined for a plain value. */
export type ResolveFile = (value: string) => WireValue | undefined

/**
 * Reads the shorthand syntax for structures: `key=value,other=value`. A value may be quoted, a list (`a=1,2` or `a=[1,2]`), or a
 * structure (`a={b=c}`); `key@=file://…` takes the value from a file. All values are text; their types follow from the model later.
 */
export function parseShorthand(text: string, resolveFile: ResolveFile): WireRecord {
  return new ShorthandParser(text, resolveFile).parse()
}

const SINGLE_QUOTED = /'(?:\\'|[^'])*'/y
const DOUBLE_QUOTED = /"(?:\\"|[^"])*"/y
// The character sets are AWS CLI's: which characters may begin a value, and which may follow in the first and in later values of a list.
// They end at U+FFFF, so that a character beyond it has to stand in quotes; hence the flag u, which matches whole characters.
const START = String.raw`!#-&(-+\--<>-Z\\-z|-\uffff`
const FIRST_VALUE = new RegExp(String.raw`(?:\\,|[${START}])(?:\\,|[\s!#-&(-+\--\\^-|~-\uffff])*`, 'yu')
const LATER_VALUE = new RegExp(String.raw`(?:\\,|[${START}])(?:\\,|[\s!#-&(-+\--<>-\uffff])*`, 'yu')
const KEY = /[A-Za-z0-9\-_.#/:]*/y

class ShorthandParser {
  readonly #text: string
  readonly #resolveFile: ResolveFile
  #at = 0
  #isFileValue = false

  constructor(text: string, resolveFile: ResolveFile) {
    this.#text = text
    this.#resolveFile = resolveFile
  }

  parse(): WireRecord {
    const record: WireRecord = new Map()
    let [key, value] = this.#keyValue()
    record.set(key, value)
    let lastAt = this.#at
    while (this.#at < this.#text.length) {
      this.#expectSpaced(',')
      ;[key, value] = this.#keyValue()
      if (record.has(key)) {
        throw new ShorthandError(
          `Second instance of key "${key}" encountered for input:\n${this.#location(lastAt + 1)}\nThis is often because there is a preceding "," instead of a space.`,
        )
      }
      record.set(key, value)
      lastAt = this.#at
    }
    return record
  }

  #keyValue(): [string, WireValue] {
    const key = this.#key()
    if (this.#at >= this.#text.length) return [key, '']
    return [key, this.#values()]
  }

  /** The key and the `=` or `@=` after it. */
  #key(): string {
    const key = this.#match(KEY) ?? ''
    this.#skipSpace()
    this.#isFileValue = this.#text.charAt(this.#at) === '@'
    if (this.#isFileValue) this.#at++
    this.#expectSpaced('=')
    return key
  }

  #values(): WireValue {
    const current = this.#current()
    if (current === '[') return this.#list()
    if (current === '{') return this.#structure()
    return this.#commaSeparated()
  }

  #commaSeparated(): WireValue {
    const first = this.#firstValue()
    this.#skipSpace()
    if (this.#current() !== ',') return first
    this.#expectSpaced(',')
    const list = [first]
    for (;;) {
      try {
        const value = this.#laterValue()
        this.#skipSpace()
        if (this.#at >= this.#text.length) {
          list.push(value)
          break
        }
        this.#expectSpaced(',')
        list.push(value)
      } catch (error) {
        if (!(error instanceof ShorthandError) || this.#at >= this.#text.length) throw error
        // What follows the last comma is the next key: go back to that comma.
        this.#at = this.#text.lastIndexOf(',', this.#at)
        break
      }
    }
    return list.length === 1 ? first : list
  }

  #list(): WireValue[] {
    this.#expectSpaced('[')
    const list: WireValue[] = []
    while (this.#current() !== ']') {
      list.push(this.#nested())
      this.#skipSpace()
      if (this.#current() !== ']') {
        this.#expect(',')
        this.#skipSpace()
      }
    }
    this.#expect(']')
    return list
  }

  #structure(): WireRecord {
    this.#expectSpaced('{')
    const record: WireRecord = new Map()
    while (this.#current() !== '}') {
      const key = this.#key()
      const value = this.#nested()
      this.#skipSpace()
      if (this.#current() !== '}') {
        this.#expect(',')
        this.#skipSpace()
      }
      record.set(key, value)
    }
    this.#expect('}')
    return record
  }

  #nested(): WireValue {
    const current = this.#current()
    if (current === '[') return this.#list()
    if (current === '{') return this.#structure()
    return this.#firstValue()
  }

  #firstValue(): WireValue {
    const quotedValue = this.#quotedValue()
    if (quotedValue !== undefined) return quotedValue
    const value = this.#match(FIRST_VALUE)
    return value === undefined ? '' : this.#resolved(unescapeComma(value))
  }

  #laterValue(): WireValue {
    const quotedValue = this.#quotedValue()
    if (quotedValue !== undefined) return quotedValue
    const value = this.#match(LATER_VALUE)
    if (value === undefined) throw this.#syntaxError('<second>', '<none>')
    return this.#resolved(unescapeComma(value))
  }

  #quotedValue(): WireValue | undefined {
    const mark = this.#current()
    if (mark !== "'" && mark !== '"') return undefined
    const value = this.#match(mark === "'" ? SINGLE_QUOTED : DOUBLE_QUOTED)
    if (value === undefined)
      throw this.#syntaxError(mark === "'" ? '<singled quoted>' : '<double quoted>', '<none>')
    return this.#resolved(value.slice(1, -1).replaceAll(`\\${mark}`, mark).replaceAll('\\\\', '\\'))
  }

  #resolved(value: string): WireValue {
    return this.#isFileValue ? (this.#resolveFile(value) ?? value) : value
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const text = pattern.exec(this.#text)?.[0]
    if (text !== undefined) this.#at += text.length
    return text
  }

  #current(): string {
    return this.#text.charAt(this.#at)
  }

  #skipSpace(): void {
    while (/^[ \t\n\r\v\f]$/.test(this.#current())) this.#at++
  }

  #expectSpaced(character: string): void {
    this.#skipSpace()
    this.#expect(character)
    this.#skipSpace()
  }

  #expect(character: string): void {
    const actual = String.fromCodePoint(
      ...(this.#at < this.#text.length ? [this.#text.codePointAt(this.#at) ?? 0] : []),
    )
    if (actual !== character) throw this.#syntaxError(character, actual === '' ? 'EOF' : actual)
    this.#at++
  }

  #syntaxError(expected: string, actual: string): ShorthandError {
    return new ShorthandError(
      `Expected: '${expected}', received: '${actual}' for input:\n${this.#location(this.#at)}`,
    )
  }

  /** The line of the text that holds an index, with a mark under it. */
  #location(index: number): string {
    const lineStart = this.#text.lastIndexOf('\n', index - 1) + 1
    const lineEnd = this.#text.indexOf('\n', index)
    const end = lineEnd < 0 ? this.#text.length : lineEnd
    const spaces = Array.from(this.#text.slice(lineStart, index)).length
    return `${this.#text.slice(0, end)}\n${' '.repeat(spaces)}^${this.#text.slice(end)}`
  }
}

const unescapeComma = (value: string): string => value.replaceAll('\\,', ',').trimEnd()
