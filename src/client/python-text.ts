import { floatText } from './json/float-text.ts'
import { Float, Instant, isInteger, isList, isRecord, OrderedRecord } from './values.ts'
import type { WireValue } from './values.ts'

/**
 * A value as AWS CLI v1 shows it in text output, tables and error messages. AWS CLI is a Python program, so `true` is `True`, a
 * missing value is `None`, and a nested value is shown in Python's notation.
 */
export function displayText(value: WireValue): string {
  return typeof value === 'string' ? value : notation(value)
}

/** A value in Python's notation: strings quoted. */
export function notation(value: WireValue): string {
  if (typeof value === 'string') return quoted(value)
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (isInteger(value)) return String(value)
  if (value instanceof Float) return floatText(value.value)
  if (value instanceof Instant) return value.iso.replace('T', ' ')
  if (value instanceof Uint8Array) return `b${quoted(Buffer.from(value).toString('latin1'), true)}`
  if (isList(value)) return `[${value.map(notation).join(', ')}]`
  if (value instanceof OrderedRecord) {
    const members = [...value].map(([name, member]) => `(${quoted(name)}, ${notation(member)})`)
    return members.length === 0 ? 'OrderedDict()' : `OrderedDict([${members.join(', ')}])`
  }
  return `{${[...value].map(([name, member]) => `${quoted(name)}: ${notation(member)}`).join(', ')}}`
}

/** The bare name of a value's type in Python, as its own errors give it: `str`, `NoneType`. */
export const bareTypeName = (value: WireValue): string =>
  typeName(value).slice("<class '".length, -"'>".length)

/** The name of a value's type in Python, as validation errors give it. */
export function typeName(value: WireValue): string {
  if (typeof value === 'string') return "<class 'str'>"
  if (value === null) return "<class 'NoneType'>"
  if (typeof value === 'boolean') return "<class 'bool'>"
  if (isInteger(value)) return "<class 'int'>"
  if (value instanceof Float) return "<class 'float'>"
  if (value instanceof Instant) return "<class 'datetime.datetime'>"
  if (value instanceof Uint8Array) return "<class 'bytes'>"
  if (value instanceof OrderedRecord) return "<class 'collections.OrderedDict'>"
  return isRecord(value) ? "<class 'dict'>" : "<class 'list'>"
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

/** A string in Python's quotes: single ones, unless it holds a single quote and no double one. What cannot be printed is escaped. */
export function quoted(text: string, isBytes = false): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const pattern = isBytes ? /[\\'"\u0000-\u001f\u007f-\u00ff]/g : /[\\'"]|(?! )[\p{C}\p{Z}]/gu
  const body = text.replace(pattern, (character) => {
    if (character === '"' || character === "'") return character === mark ? `\\${character}` : character
    return NAMED_ESCAPES[character] ?? codeEscape(character.codePointAt(0) ?? 0)
  })
  return mark + body + mark
}

function codeEscape(code: number): string {
  const digits = code.toString(16)
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`
}
