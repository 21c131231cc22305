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
  /** Each once. */
  readonly checksums: readonly ChecksumAlgorithm[]
}

/** The digests of a whole body, and its size. */
export interface BodyDigests {
  readonly sizeBytes: number
  /** Hexadecimal. Null when not asked for. */
  readonly md5: string | null
  /** Hexadecimal. Null when not asked for. */
  readonly sha256: string | null
  /** Base64, those that were asked for. */
  readonly checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>
}

/** All digests of a body in one pass; one that is wanted twice is computed once. */
export class BodyDigester {
  readonly #md5: Hash | null
  readonly #sha256: Hash | null
  /** MD5 and SHA-256 excepted. */
  readonly #others: readonly (readonly [ChecksumAlgorithm, Checksum])[]
  readonly #wanted: BodyDigesterOptions
  #sizeBytes = 0

  constructor(options: BodyDigesterOptions) {
    const { md5, sha256, checksums } = options
    this.#wanted = options
    this.#md5 = md5 || checksums.includes('MD5') ? createHash('md5') : null
    this.#sha256 = sha256 || checksums.includes('SHA256') ? createHash('sha256') : null
    this.#others = checksums
      .filter((algorithm) => algorithm !== 'MD5' && algorithm !== 'SHA256')
      .map((algorithm) => [algorithm, createChecksum(algorithm)])
  }

  update(bytes: Uint8Array): void {
    this.#sizeBytes += bytes.byteLength
    this.#md5?.update(bytes)
    this.#sha256?.update(bytes)
    for (const [, checksum] of this.#others) checksum.update(bytes)
  }

  /** Called once, after the last byte. */
  finish(): BodyDigests {
    const { md5: isMd5Wanted, sha256: isSha256Wanted, checksums: wanted } = this.#wanted
    const md5 = this.#md5?.digest() ?? null
    const sha256 = this.#sha256?.digest() ?? null
    const checksums: Partial<Record<ChecksumAlgorithm, string>> = {}
    for (const [algorithm, checksum] of this.#others)
      checksums[algorithm] = checksum.digest().toString('base64')
    if (md5 && wanted.includes('MD5')) checksums.MD5 = md5.toString('base64')
    if (sha256 && wanted.includes('SHA256')) checksums.SHA256 = sha256.toString('base64')
    return {
      sizeBytes: this.#sizeBytes,
      md5: isMd5Wanted && md5 ? md5.toString('hex') : null,
      sha256: isSha256Wanted && sha256 ? sha256.toString('hex') : null,
      checksums,
    }
  }
}
