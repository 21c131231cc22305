/**
 * Order-preserving encoding of composite keys into bytes.
 *
 * A key is a sequence of parts. Comparing two encoded keys byte by byte gives the same order as comparing
 * their parts one after the other, so that a range scan walks the parts in order.
 *
 *     tag      1 byte, names the kind of record
 *     text     UTF-8 bytes, 0x00 written as 0x00 0xff, ended by 0x00 0x01
 *     uint64   8 bytes, big-endian
 *     sextets  any bytes, 6 bits in each byte from 0x80 to 0xbf: no character of UTF-8 text begins with such a byte, so that a search for
 *              a text delimiter finds nothing in it
 *     raw      the bytes as they are; only as the last part
 */

const ESCAPED_ZERO = Buffer.from([0x00, 0xff])
const TERMINATOR = Buffer.from([0x00, 0x01])

/** UTF-8 bytes of `text`, terminated, so that further parts can follow. */
export function textPart(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  if (!bytes.includes(0)) return Buffer.concat([bytes, TERMINATOR])
  const pieces: Buffer[] = []
  let from = 0
  for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, from)) {
    pieces.push(bytes.subarray(from, at), ESCAPED_ZERO)
    from = at + 1
  }
  pieces.push(bytes.subarray(from), TERMINATOR)
  return Buffer.concat(pieces)
}

/**
 * The key of a tag (ASCII), a text part and a raw rest: the same bytes as its parts put together, made in one allocation, since each
 * request reads several such keys.
 */
export function textKey(tag: string, text: string, rest = ''): Buffer {
  if (text.includes('\0')) return Buffer.concat([Buffer.from(tag), textPart(text), Buffer.from(rest)])
  return Buffer.from(`${tag}${text}\0\x01${rest}`)
}

/** Reads a part written by {@link textPart} at `offset`. Throws RangeError when the bytes are not such a part. */
export function readTextPart(key: Uint8Array, offset: number): { text: string; end: number } {
  const bytes = Buffer.from(key.buffer, key.byteOffset, key.byteLength)
  const pieces: Buffer[] = []
  let from = offset
  for (let at = bytes.indexOf(0, from); at >= 0; at = bytes.indexOf(0, from)) {
    const next = bytes[at + 1]
    if (next === 0x01) {
      pieces.push(bytes.subarray(from, at))
      return { text: Buffer.concat(pieces).toString('utf8'), end: at + 2 }
    }
    if (next !== 0xff) break
    pieces.push(bytes.subarray(from, at + 1))
    from = at + 2
  }
  throw new RangeError(`key has no terminated text part at byte ${offset}`)
}

/** 8 bytes, big-endian. `value` must be a non-negative integer below 2^64. */
export function uint64Part(value: bigint | number): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

/** The bits of `bytes`, six to a byte, most significant first; parts of equal length sort as their bytes do. */
export function sextetPart(bytes: Uint8Array): Buffer {
  const sextets = Buffer.allocUnsafe(Math.ceil((bytes.length * 8) / 6))
  let bits = 0
  let bitCount = 0
  let at = 0
  for (const byte of bytes) {
    bits = (bits << 8) | byte
    bitCount += 8
    while (bitCount >= 6) {
      bitCount -= 6
      sextets[at++] = 0x80 | ((bits >> bitCount) & 0x3f)
    }
    bits &= (1 << bitCount) - 1
  }
  if (bitCount > 0) sextets[at] = 0x80 | ((bits << (6 - bitCount)) & 0x3f)
  return sextets
}

/** Reads the bytes written by {@link sextetPart}. */
export function readSextetPart(sextets: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(Math.floor((sextets.length * 6) / 8))
  let bits = 0
  let bitCount = 0
  let at = 0
  for (const sextet of sextets) {
    bits = (bits << 6) | (sextet & 0x3f)
    bitCount += 6
    if (bitCount < 8) continue
    bitCount -= 8
    bytes[at++] = (bits >> bitCount) & 0xff
    bits &= (1 << bitCount) - 1
  }
  return bytes
}

/**
 * The first key after every key that starts with `prefix`, or null when there is none (a prefix of 0xff only).
 */
export function prefixEnd(prefix: Uint8Array): Buffer | null {
  for (let length = prefix.length; length > 0; length--) {
    const last = prefix[length - 1] ?? 0
    if (last === 0xff) continue
    const end = Buffer.from(length === prefix.length ? prefix : prefix.subarray(0, length))
    end[length - 1] = last + 1
    return end
  }
  return null
}

/** The key that sorts directly after `key`. */
export function keyAfter(key: Uint8Array): Buffer {
  return Buffer.concat([key, Buffer.from([0])])
}
