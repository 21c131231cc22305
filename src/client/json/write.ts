import { Float, Instant, isList, isRecord } from '../values.ts'
import type { WireValue } from '../values.ts'
import { floatText } from './float-text.ts'

/** How JSON is laid out; the default is one line, as Python writes it. */
export interface JsonStyle {
  /** Spaces per level; without it all is on one line. */
  readonly indent?: number
  /** Writes every character beyond ASCII as an escape. */
  readonly isAscii?: boolean
}

/** Writes JSON. Half of a surrogate pair is written as its escape in either style, since it has no UTF-8 form. */
export function writeJson(value: WireValue, style: JsonStyle = {}): string {
  return write(value, style, '\n')
}

function write(value: WireValue, style: JsonStyle, newline: string): string {
  if (typeof value === 'string') return quote(value, style.isAscii === true)
  if (value === null) return 'null'
  if (value instanceof Float) return floatJson(value.value)
  if (value instanceof Instant) return quote(value.iso, true)
  if (value instanceof Uint8Array) return quote(Buffer.from(value).toString('base64'), true)
  if (isList(value)) {
    return enclose(
      '[]',
      value.map((element) => (indent: string) => write(element, style, indent)),
      style,
      newline,
    )
  }
  if (isRecord(value)) {
    return enclose(
      '{}',
      [...value].map(
        ([name, member]) =>
          (indent: string) =>
            `${quote(name, style.isAscii === true)}: ${write(member, style, indent)}`,
      ),
      style,
      newline,
    )
  }
  return String(value)
}

function enclose(
  [open, close]: string,
  parts: readonly ((newline: string) => string)[],
  { indent }: JsonStyle,
  newline: string,
): string {
  if (parts.length === 0) return `${open ?? ''}${close ?? ''}`
  if (indent === undefined) return `${open ?? ''}${parts.map((part) => part('')).join(', ')}${close ?? ''}`
  const inner = newline + ' '.repeat(indent)
  return `${open ?? ''}${inner}${parts.map((part) => part(inner)).join(`,${inner}`)}${newline}${close ?? ''}`
}

function floatJson(value: number): string {
  if (Number.isFinite(value)) return floatText(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
}

// JSON.stringify escapes exactly what Python does, unless ASCII is asked for.
function quote(text: string, isAscii: boolean): string {
  const quoted = JSON.stringify(text)
  return isAscii
    ? quoted.replace(
        /[\u007f-\uffff]/g,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
    : quoted
}
