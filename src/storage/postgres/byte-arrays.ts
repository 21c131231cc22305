const OID_BYTEA = 17
const HEADER_BYTES = 12
const DIMENSION_BYTES = 8

/**
 * The elements as a PostgreSQL array in its binary form, so that bytes travel as they are and need no escaping:
 *
 *     dimensions   int32    1 (0 for an empty array, and then nothing follows the element type)
 *     hasNull      int32    1 when an element is null
 *     elementType  int32    17, bytea
 *     length       int32    number of elements
 *     lowerBound   int32    1
 *     elements     each: int32 byte length (−1 for null), then the bytes
 */
export function byteArray(elements: readonly (Uint8Array | null)[]): Buffer {
  if (elements.length === 0) return EMPTY
  let sizeBytes = HEADER_BYTES + DIMENSION_BYTES
  let hasNull = 0
  for (const element of elements) {
    sizeBytes += 4 + (element?.byteLength ?? 0)
    if (!element) hasNull = 1
  }
  const array = Buffer.allocUnsafe(sizeBytes)
  array.writeInt32BE(1, 0)
  array.writeInt32BE(hasNull, 4)
  array.writeInt32BE(OID_BYTEA, 8)
  array.writeInt32BE(elements.length, 12)
  array.writeInt32BE(1, 16)
  let at = HEADER_BYTES + DIMENSION_BYTES
  for (const element of elements) {
    array.writeInt32BE(element ? element.byteLength : -1, at)
    at += 4
    if (!element) continue
    array.set(element, at)
    at += element.byteLength
  }
  return array
}

const EMPTY = Buffer.alloc(HEADER_BYTES)
EMPTY.writeInt32BE(OID_BYTEA, 8)

/** Reads a bytea as the server writes it in text form: `\x` and hexadecimal digits. */
export function readBytes(text: string): Buffer {
  return Buffer.from(text.slice(2), 'hex')
}
