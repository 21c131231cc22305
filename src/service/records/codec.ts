import { decodeRecord, encodeRecord } from '../../base/record.ts'

/** Writes and reads one kind of stored record. */
interface RecordCodec<T> {
  encode(record: T): Buffer
  /** Throws RangeError when the bytes are no such record, or of a format newer than this program. */
  decode(value: Uint8Array): T
}

/** A codec for records without a tail. `format` is the newest that this program writes, and it reads all up to that. */
export function recordCodec<T>(kind: string, format: number): RecordCodec<T> {
  return {
    encode: (record) => encodeRecord(format, record),
    decode: (value) => {
      const decoded = decodeRecord<T>(value)
      if (decoded.format > format) {
        throw new RangeError(
          `${kind} record has format ${decoded.format}; this program reads up to ${format}`,
        )
      }
      return decoded.fields
    },
  }
}
