import type { ByteReader } from '../../base/byte-reader.ts'
import type { ByteWriter } from '../../base/byte-writer.ts'

/**
 * Headers of objects in few bytes: how many, then for each
 *
 *     code     1 byte   0: another name; 1–127: a name of NAMES; 128–255: a pair of PAIRS
 *     name     text     only with code 0
 *     value    text     only with codes below 128
 *
 * Stores hold the codes: entries are added at the end, none is changed or taken out.
 */
const NAMES = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
] as const

const FIRST_PAIR = 128
const PAIRS = (
  [
    'binary/octet-stream',
    'application/octet-stream',
    'text/plain',
    'text/html',
    'text/css',
    'text/csv',
    'text/javascript',
    'text/xml',
    'application/json',
    'application/xml',
    'application/pdf',
    'application/zip',
    'application/gzip',
    'application/x-gzip',
    'application/x-tar',
    'application/javascript',
    'application/x-directory',
    'application/x-directory; charset=UTF-8',
    'application/x-www-form-urlencoded',
    'application/vnd.apache.parquet',
    'image/jpeg',
    'image/png',
    'image/gif',
    'image/webp',
    'image/svg+xml',
    'video/mp4',
    'audio/mpeg',
    'text/plain; charset=utf-8',
    'text/html; charset=utf-8',
    'application/json; charset=utf-8',
  ] as const
).map((value) => ['content-type', value] as const)

const codeOfName = new Map<string, number>(NAMES.map((name, at) => [name, at + 1]))
const codeOfType = new Map<string, number>(PAIRS.map(([, value], at) => [value, FIRST_PAIR + at]))

/** False, and what was written of them is to be forgotten, where UTF-8 cannot hold a text of them. */
export function writeHeaders(writer: ByteWriter, headers: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(headers)
  writer.uint(names.length)
  for (const name of names) {
    const value = headers[name] ?? ''
    const pair = name === 'content-type' ? codeOfType.get(value) : undefined
    if (pair !== undefined) {
      writer.byte(pair)
      continue
    }
    const code = codeOfName.get(name) ?? 0
    writer.byte(code)
    if (code === 0 && !writer.text(name)) return false
    if (!writer.text(value)) return false
  }
  return true
}

/** Throws RangeError for what {@link writeHeaders} does not write. */
export function readHeaders(reader: ByteReader): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let left = countOf(reader, 1); left > 0; left--) {
    const code = reader.byte()
    if (code >= FIRST_PAIR) {
      const pair = PAIRS[code - FIRST_PAIR]
      if (!pair) throw new RangeError(`there is no header of code ${code}`)
      headers[pair[0]] = pair[1]
      continue
    }
    const name = code === 0 ? reader.text() : NAMES[code - 1]
    if (name === undefined) throw new RangeError(`there is no header of code ${code}`)
    setMember(headers, name, reader.text())
  }
  return headers
}

/** Pairs of texts; as {@link writeHeaders}. */
export function writeTexts(writer: ByteWriter, texts: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(texts)
  writer.uint(names.length)
  return names.every((name) => writer.text(name) && writer.text(texts[name] ?? ''))
}

/** Throws RangeError for what {@link writeTexts} does not write. */
export function readTexts(reader: ByteReader): Record<string, string> {
  const texts: Record<string, string> = {}
  for (let left = countOf(reader, 2); left > 0; left--) setMember(texts, reader.text(), reader.text())
  return texts
}

/** How many items of so many bytes at least are told to follow. Throws RangeError where there is no room for them. */
export function countOf(reader: ByteReader, itemBytesMin: number): number {
  const count = reader.uint()
  if (count * itemBytesMin > reader.left)
    throw new RangeError(`${count} items are told of, and ${reader.left} bytes are left`)
  return count
}

function setMember(texts: Record<string, string>, name: string, value: string): void {
  // A client may call its metadata so, and an assignment would set the prototype.
  if (name === '__proto__')
    Object.defineProperty(texts, name, { value, enumerable: true, configurable: true, writable: true })
  else texts[name] = value
}
