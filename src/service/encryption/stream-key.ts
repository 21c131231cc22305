import { hash } from 'node:crypto'
import { randomText } from '../../base/random-text.ts'

const SALT_BYTES = 16
const BLOCK_BYTES = 64
const DIGEST_BYTES = 32
/** HKDF's info and the number of the first block of what it gives: 32 bytes are one block of SHA-256. */
const INFO = Buffer.from('lugsail object bytes\u0001')

/**
 * The key of one stream of bytes (an object put at once, or one part): HKDF-SHA-256 (RFC 5869) of the object's key (32 bytes) and the stream's
 * own salt (base64), 32 bytes. `hkdfSync` gives the same; each call of it leaves objects outside the heap to the collector, which costs a
 * small object more than its encryption does.
 */
export const streamKey = (dataKey: Uint8Array, salt: string): Buffer =>
  hmac(hmac(Buffer.from(salt, 'base64'), dataKey), INFO)

/** A salt for one object or part: 16 random bytes, base64. */
export const newSalt = (): string => randomText(SALT_BYTES, 'base64')

/** What HMAC's two digests are made of, one after the other: memory made anew for each would cost as much as the digests. */
const inner = Buffer.alloc(BLOCK_BYTES + Math.max(DIGEST_BYTES, INFO.length))
const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES)

/** HMAC-SHA-256 (RFC 2104) with a key of at most 64 bytes, of a message no longer than a digest. */
function hmac(key: Uint8Array, message: Uint8Array): Buffer {
  for (let index = 0; index < BLOCK_BYTES; index++) {
    const byte = key[index] ?? 0
    inner[index] = byte ^ 0x36
    outer[index] = byte ^ 0x5c
  }
  inner.set(message, BLOCK_BYTES)
  outer.set(hash('sha256', inner.subarray(0, BLOCK_BYTES + message.length), 'buffer'), BLOCK_BYTES)
  return hash('sha256', outer, 'buffer')
}
