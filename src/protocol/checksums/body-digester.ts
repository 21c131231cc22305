import type { Hash } from 'node:crypto'
import { createHash } from 'node:crypto'
import type { ChecksumAlgorithm } from './algorithms.ts'
import type { Checksum } from './checksum.ts'
import { createChecksum } from './checksum.ts'

/** Which digests of a body are wanted. */
export interface BodyDigesterOptions {
  /** For the ETag and Content-MD5. */
  readonly md5: boolean
  /** The payload's SHA-256, where the signature names it. */
  readonly sha256: boolean
  readonly checksum: ChecksumAlgorithm | null
}

/** The digests of a whole body, and its size. */
export interface BodyDigests {
  readonly sizeBytes: number
  /** Hexadecimal. Null when not asked for. */
  readonly md5: string | null
  /** Hexadecimal. Null when not asked for. */
  readonly sha256: string | null
  /** Base64. Null when not asked for. */
  readonly checksum: string | null
}

/** All digests of a body in one pass; a SHA-256 that is wanted twice is computed once. */
export class BodyDigester {
  readonly #md5: Hash | null
  readonly #sha256: Hash | null
  readonly #checksum: Checksum | null
  readonly #checksumIsSha256: boolean
  #sizeBytes = 0

  constructor(options: BodyDigesterOptions) {
    this.#checksumIsSha256 = options.checksum === 'SHA256'
    this.#md5 = options.md5 ? createHash('md5') : null
    this.#sha256 = options.sha256 || this.#checksumIsSha256 ? createHash('sha256') : null
    this.#checksum =
      options.checksum === null || options.checksum === 'SHA256' ? null : createChecksum(options.checksum)
  }

  update(bytes: Uint8Array): void {
    this.#sizeBytes += bytes.byteLength
    this.#md5?.update(bytes)
    this.#sha256?.update(bytes)
    this.#checksum?.update(bytes)
  }

  /** Called once, after the last byte. */
  finish(): BodyDigests {
    const sha256 = this.#sha256?.digest() ?? null
    const checksum = this.#checksumIsSha256 ? sha256 : (this.#checksum?.digest() ?? null)
    return {
      sizeBytes: this.#sizeBytes,
      md5: this.#md5?.digest('hex') ?? null,
      sha256: sha256?.toString('hex') ?? null,
      checksum: checksum?.toString('base64') ?? null,
    }
  }
}
