import type { ByteReader } from '../../base/byte-reader.ts'
import type { ByteWriter } from '../../base/byte-writer.ts'
import type { ChecksumAlgorithm, ObjectChecksum } from './object.ts'

/** Which checksum it is, without its value. */
type ChecksumKind = Pick<ObjectChecksum, 'algorithm' | 'type'>

/** Stores hold the places: algorithms are added at the end. */
const ALGORITHMS: readonly ChecksumAlgorithm[] = [
  'CRC32',
  'CRC32C',
  'CRC64NVME',
  'SHA1',
  'SHA256',
  'SHA512',
  'MD5',
  'XXHASH64',
  'XXHASH3',
  'XXHASH128',
]
const COMPOSITE = 0x80

/** What the codes say of a checksum: whether it is composite, then the algorithm. */
const KINDS = (['FULL_OBJECT', 'COMPOSITE'] as const).map((type) =>
  ALGORITHMS.map((algorithm): ChecksumKind => ({ algorithm, type })),
)

/**
 * Writes a checksum in few bytes: one for the algorithm (ALGORITHMS), with COMPOSITE set when it is; base64 of the value; when composite, uint: how many
 * parts. Returns false for what has no such form; something of it may be written then.
 */
export function writeChecksum(writer: ByteWriter, { algorithm, type, value }: ObjectChecksum): boolean {
  const place = ALGORITHMS.indexOf(algorithm)
  if (place < 0) return false
  if (type !== 'COMPOSITE') {
    writer.byte(place)
    return writer.base64(value)
  }
  const at = value.lastIndexOf('-')
  const parts = Number(value.slice(at + 1))
  if (at < 0 || !Number.isSafeInteger(parts) || String(parts) !== value.slice(at + 1)) return false
  writer.byte(place | COMPOSITE)
  if (!writer.base64(value.slice(0, at))) return false
  writer.uint(parts)
  return true
}

/** Reads what {@link writeChecksum} wrote. Throws RangeError for a code that no algorithm has. */
export function readChecksum(reader: ByteReader): ObjectChecksum {
  const { algorithm, type } = readChecksumKind(reader)
  const value = reader.base64()
  return { algorithm, type, value: type === 'COMPOSITE' ? `${value}-${reader.uint()}` : value }
}

/** Reads the beginning of what {@link writeChecksum} wrote, and leaves the value. Throws RangeError for a code that no algorithm has. */
export function readChecksumKind(reader: ByteReader): ChecksumKind {
  const code = reader.byte()
  const kind = KINDS[code & COMPOSITE ? 1 : 0]?.[code & ~COMPOSITE]
  if (!kind) throw new RangeError(`there is no checksum algorithm of code ${code}`)
  return kind
}
