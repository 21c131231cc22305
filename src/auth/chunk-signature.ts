import { createHash } from 'node:crypto'
import { AuthenticationFailure } from './authentication-failure.ts'
import { ALGORITHM } from './canonical-request.ts'
import { EMPTY_SHA256 } from './payload-hash.ts'
import type { SigningKey } from './signing-key.ts'
import { areEqualSignatures } from './signature-comparison.ts'

/** What the signatures of a body's chunks go on from: a verified or freshly signed request. */
interface ChunkSeed {
  readonly signingKey: SigningKey
  /** The request's own signature. */
  readonly signature: string
  readonly scope: string
  readonly timestamp: string
}

/**
 * The chain of signatures over the chunks of one aws-chunked body: each covers the one before it and the SHA-256 of its chunk's
 * bytes; that of the trailer covers the trailer's lines.
 */
export class ChunkSignatures {
  readonly #seed: ChunkSeed
  #previous: string

  constructor(seed: ChunkSeed) {
    this.#seed = seed
    this.#previous = seed.signature
  }

  /** The next chunk's signature, from the hexadecimal SHA-256 of its bytes. */
  signChunk(sha256: string): string {
    const { signingKey, timestamp, scope } = this.#seed
    this.#previous = signingKey.sign(
      `${ALGORITHM}-PAYLOAD\n${timestamp}\n${scope}\n${this.#previous}\n${EMPTY_SHA256}\n${sha256}`,
    )
    return this.#previous
  }

  /** The trailer's signature. `lines`: `name:value` each ended by a line feed, names in lower case, in the order sent. */
  signTrailer(lines: string): string {
    const { signingKey, timestamp, scope } = this.#seed
    const sha256 = createHash('sha256').update(lines, 'latin1').digest('hex')
    return signingKey.sign(`${ALGORITHM}-TRAILER\n${timestamp}\n${scope}\n${this.#previous}\n${sha256}`)
  }

  /** Throws `chunk-signature-mismatch` unless `provided` is the next chunk's signature. */
  verifyChunk(sha256: string, provided: string): void {
    verify(this.signChunk(sha256), provided, 'chunk')
  }

  /** Throws `chunk-signature-mismatch` unless `provided` is the trailer's signature. */
  verifyTrailer(lines: string, provided: string): void {
    verify(this.signTrailer(lines), provided, 'trailer')
  }
}

function verify(calculated: string, provided: string, what: 'chunk' | 'trailer'): void {
  if (areEqualSignatures(calculated, provided)) return
  throw new AuthenticationFailure(
    'chunk-signature-mismatch',
    `the signature of a ${what} differs from the one calculated from its bytes`,
  )
}
