import type { ByteWriter } from './byte-writer.ts'

/**
 * The byte form of a stored record: versioned, so that a later release can read it.
 *
 *     format    1 byte   version of this record kind's fields; the top bit is set where they are compact
 *     length    bytes of the fields: 4 bytes, big-endian; where they are compact 7 bits in each byte, the lowest first, the top bit set in all but
 *               the last, 4 bytes at most
 *     fields    JSON, UTF-8; or, compact, what the record's kind makes of them
 *     tail      the rest: raw bytes that belong to the record (an inline body); may be empty
 */
const HEADER_BYTES = 5
const COMPACT = 0x80
const LENGTH_BYTES_MAX = 4
const COMPACT_BYTES_MAX = 2 ** (7 * LENGTH_BYTES_MAX) - 1

/** The fields of most records end within so many bytes. */
export const FIELDS_BYTES = 128

interface DecodedRecord<T> {
  readonly format: number
  readonly fields: T
  /** A view of the record's buffer, not a copy. */
  readonly tail: Buffer
}

/** Where in a record, perhaps only the beginning of one, its fields are. */
interface RecordLayout {
  readonly format: number
  readonly isCompact: boolean
  readonly fieldsStart: number
  /** May lie behind what is there. */
  readonly fieldsEnd: number
}

/** Writes a record with fields in JSON. `format` is 0–127; `fields` is what JSON can hold. The bytes of `tail` are copied. */
export function encodeRecord(format: number, fields: unknown, tail?: Uint8Array): Buffer {
  const json = JSON.stringify(fields)
  const jsonBytes = Buffer.byteLength(json)
  const record = Buffer.allocUnsafe(HEADER_BYTES + jsonBytes + (tail?.byteLength ?? 0))
  record.writeUInt8(format, 0)
  record.writeUInt32BE(jsonBytes, 1)
  record.write(json, HEADER_BYTES, 'utf8')
  if (tail) record.set(tail, HEADER_BYTES + jsonBytes)
  return record
}

/** Writes a record whose fields are what `fields` has. `format` is 0–127. The bytes of `tail` are copied. */
export function encodeCompactRecord(format: number, fields: ByteWriter, tail?: Uint8Array): Buffer {
  if (fields.length > COMPACT_BYTES_MAX)
    throw new RangeError(`fields take ${fields.length} bytes; at most ${COMPACT_BYTES_MAX} can be stored`)
  let lengthBytes = 1
  while (fields.length >= 2 ** (7 * lengthBytes)) lengthBytes++
  const fieldsStart = 1 + lengthBytes
  const record = Buffer.allocUnsafe(fieldsStart + fields.length + (tail?.byteLength ?? 0))
  record[0] = COMPACT | format
  for (let at = 1, rest = fields.length; at < fieldsStart; at++, rest >>>= 7)
    record[at] = (rest & 0x7f) | (at === lengthBytes ? 0 : 0x80)
  fields.copyTo(record, fieldsStart)
  if (tail) record.set(tail, fieldsStart + fields.length)
  return record
}

/** Whether a record, of which at least the first byte is here, has compact fields. */
export const isCompactRecord = (record: Uint8Array): boolean => (record[0] ?? 0) >= COMPACT

/** Whether `bytes`, perhaps only the beginning of a record, hold all of its fields: such can be decoded, with the tail as far as it is there. */
export function hasAllFields(bytes: Buffer): boolean {
  // Most of them: a listing asks this of each record.
  const first = bytes[0] ?? 0
  const length = bytes[1] ?? 0x80
  if (first >= COMPACT && length < 0x80) return 2 + length <= bytes.length
  const layout = layoutOf(bytes)
  return layout !== null && layout.fieldsEnd <= bytes.length
}

/** Where the fields are. Throws RangeError when the bytes are not a record with all of its fields: a broken invariant, never a request's fault. */
export function recordLayout(record: Buffer): RecordLayout {
  const layout = layoutOf(record)
  if (!layout) throw new RangeError(`record of ${record.length} bytes is too short`)
  if (layout.fieldsEnd > record.length)
    throw new RangeError(`record fields end at ${layout.fieldsEnd}, past ${record.length}`)
  return layout
}

/** Reads a record with fields in JSON. Throws RangeError as {@link recordLayout} does, and where the fields are compact. */
export function decodeRecord<T>(bytes: Uint8Array): DecodedRecord<T> {
  const record = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { format, isCompact, fieldsStart, fieldsEnd } = recordLayout(record)
  if (isCompact)
    throw new RangeError(`record of format ${format} has compact fields, which JSON was expected in`)
  return {
    format,
    fields: JSON.parse(record.toString('utf8', fieldsStart, fieldsEnd)) as T,
    tail: record.subarray(fieldsEnd),
  }
}

/** Null: what is there does not tell. */
function layoutOf(record: Buffer): RecordLayout | null {
  const first = record[0]
  if (first === undefined) return null
  if (first < COMPACT) {
    if (record.length < HEADER_BYTES) return null
    const fieldsEnd = HEADER_BYTES + record.readUInt32BE(1)
    return { format: first, isCompact: false, fieldsStart: HEADER_BYTES, fieldsEnd }
  }
  let length = 0
  for (let at = 1; at <= LENGTH_BYTES_MAX; at++) {
    const byte = record[at]
    if (byte === undefined) return null
    length |= (byte & 0x7f) << (7 * (at - 1))
    if (byte < 0x80)
      return { format: first & ~COMPACT, isCompact: true, fieldsStart: at + 1, fieldsEnd: at + 1 + length }
  }
  throw new RangeError(`record has a length of more than ${LENGTH_BYTES_MAX} bytes`)
}
