/**
 * The byte form of a stored record: versioned, so that a later release can read it.
 *
 *     format    1 byte   version of this record kind's fields
 *     length    4 bytes  big-endian, bytes of the fields
 *     fields    JSON, UTF-8
 *     tail      the rest: raw bytes that belong to the record (an inline body); may be empty
 */
const HEADER_BYTES = 5

interface DecodedRecord<T> {
  readonly format: number
  readonly fields: T
  /** A view of the record's buffer, not a copy. */
  readonly tail: Buffer
}

/** Writes a record. `format` is 0–255; `fields` is what JSON can hold. The bytes of `tail` are copied. */
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

/** Whether `bytes`, perhaps only the beginning of a record, hold all of its fields: such can be decoded, with the tail as far as it is there. */
export function hasAllFields(bytes: Buffer): boolean {
  return bytes.length >= HEADER_BYTES && bytes.length >= HEADER_BYTES + bytes.readUInt32BE(1)
}

/** Throws RangeError when the bytes are not a record: a broken invariant, never a request's fault. */
export function decodeRecord<T>(bytes: Uint8Array): DecodedRecord<T> {
  const record = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (record.length < HEADER_BYTES) throw new RangeError(`record of ${record.length} bytes is too short`)
  const fieldsEnd = HEADER_BYTES + record.readUInt32BE(1)
  if (fieldsEnd > record.length)
    throw new RangeError(`record fields end at ${fieldsEnd}, past ${record.length}`)
  return {
    format: record.readUInt8(0),
    fields: JSON.parse(record.toString('utf8', HEADER_BYTES, fieldsEnd)) as T,
    tail: record.subarray(fieldsEnd),
  }
}
