import { sha256 } from '../base/sha-256.ts'

/** SHA-256's block and digest. */
const BLOCK_BYTES = 64
const DIGEST_BYTES = 32

/**
 * A key that signs for one day, region and service; derived from a secret that it does not give away. It keeps the two blocks with which HMAC
 * begins its two digests (RFC 2104), because two digests in one call each cost half of what an `Hmac` object does.
 */
export class SigningKey {
  readonly #inner = Buffer.alloc(BLOCK_BYTES, 0x36)
  /** Behind the block, the room for the inner digest. */
  readonly #outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, 0x5c)

  constructor(key: Uint8Array) {
    const bytes = key.length > BLOCK_BYTES ? Buffer.from(sha256(key, 'binary'), 'latin1') : key
    for (const [at, byte] of bytes.entries()) {
      this.#inner[at] = byte ^ 0x36
      this.#outer[at] = byte ^ 0x5c
    }
  }

  /** HMAC-SHA256 of a text of one character per byte: 64 lower-case hexadecimal digits. */
  sign(text: string): string {
    return this.#authenticate(text, 'hex')
  }

  /** The key whose bytes are the HMAC-SHA256 of a text. */
  derive(text: string): SigningKey {
    return new SigningKey(Buffer.from(this.#authenticate(text, 'binary'), 'latin1'))
  }

  #authenticate(text: string, encoding: 'hex' | 'binary'): string {
    const message = Buffer.allocUnsafe(BLOCK_BYTES + text.length)
    message.set(this.#inner)
    message.write(text, BLOCK_BYTES, 'latin1')
    this.#outer.write(sha256(message, 'binary'), BLOCK_BYTES, 'latin1')
    return sha256(this.#outer, encoding)
  }
}

/** What a signing key is good for: one day, region and service. */
export interface SigningScope {
  /** Eight digits, `20130524`. */
  readonly date: string
  readonly region: string
  readonly service: string
}

/** Derives the key that a secret access key signs with inside a scope. */
export function deriveSigningKey(secretAccessKey: string, scope: SigningScope): SigningKey {
  const secretKey = new SigningKey(Buffer.from(`AWS4${secretAccessKey}`))
  return secretKey.derive(scope.date).derive(scope.region).derive(scope.service).derive('aws4_request')
}

/** `20130524/us-east-1/s3/aws4_request` */
export function formatScope(scope: SigningScope): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`
}
