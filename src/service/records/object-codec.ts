import { decodeRecord, encodeCompactRecord, isCompactRecord, recordLayout } from '../../base/record.ts'
import { readListedFields, readObjectFields, writeObjectFields } from './object-fields.ts'
import type { DecodedObject, ListedFields, ObjectRecord } from './object.ts'

/** 1: fields in JSON, as earlier releases wrote them; 2: compact. */
const OBJECT_FORMAT = 2

/** The stored form of a version. The bytes of `tail` are copied. */
export const encodeObject = (record: ObjectRecord, tail?: Uint8Array): Buffer =>
  encodeCompactRecord(OBJECT_FORMAT, writeObjectFields(record), tail)

/** Throws RangeError when the bytes are no object record, or of a format newer than this program. */
export function decodeObject(value: Uint8Array): DecodedObject {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  const { isCompact, fieldsStart, fieldsEnd } = layoutOf(bytes)
  if (!isCompact) {
    const { fields, tail } = decodeRecord<ObjectRecord>(bytes)
    return { record: fields, tail }
  }
  return { record: readObjectFields(bytes, fieldsStart, fieldsEnd), tail: bytes.subarray(fieldsEnd) }
}

/** What a listing tells of a version; reads no more than that where it need not. Throws RangeError as {@link decodeObject} does. */
export function decodeListed(value: Buffer): ListedFields {
  const { isCompact, fieldsStart, fieldsEnd } = layoutOf(value)
  return isCompact
    ? readListedFields(value, fieldsStart, fieldsEnd)
    : decodeRecord<ObjectRecord>(value).fields
}

function layoutOf(bytes: Buffer): ReturnType<typeof recordLayout> {
  const layout = recordLayout(bytes)
  const { format } = layout
  if (format > OBJECT_FORMAT)
    throw new RangeError(`object record has format ${format}; this program reads up to ${OBJECT_FORMAT}`)
  return layout
}

/** Whether a stored version has the form of an earlier release; its beginning tells. */
export const isEarlierForm = (value: Uint8Array): boolean => !isCompactRecord(value)
