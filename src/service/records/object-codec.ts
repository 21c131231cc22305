import { decodeRecord, encodeCompactRecord, isCompactRecord, recordLayout } from '../../base/record.ts'
import { readObjectFields, writeObjectFields } from './object-fields.ts'
import type { DecodedObject, ObjectRecord } from './object.ts'

/** 1: fields in JSON, as earlier releases wrote them; 2: compact. */
const OBJECT_FORMAT = 2

/** The stored form of a version. The bytes of `tail` are copied. */
export const encodeObject = (record: ObjectRecord, tail?: Uint8Array): Buffer =>
  encodeCompactRecord(OBJECT_FORMAT, writeObjectFields(record), tail)

/** Throws RangeError when the bytes are no object record, or of a format newer than this program. */
export function decodeObject(value: Uint8Array): DecodedObject {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  const { format, isCompact, fieldsStart, fieldsEnd } = recordLayout(bytes)
  if (format > OBJECT_FORMAT)
    throw new RangeError(`object record has format ${format}; this program reads up to ${OBJECT_FORMAT}`)
  if (!isCompact) {
    const { fields, tail } = decodeRecord<ObjectRecord>(bytes)
    return { record: fields, tail }
  }
  return { record: readObjectFields(bytes, fieldsStart, fieldsEnd), tail: bytes.subarray(fieldsEnd) }
}

/** Whether a stored version has the form of an earlier release; its beginning tells. */
export const isEarlierForm = (value: Uint8Array): boolean => !isCompactRecord(value)
