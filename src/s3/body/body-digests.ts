import { hash } from 'node:crypto'
import { gatheredPieces } from '../../base/gathered-pieces.ts'
import { BodyDigester, type BodyDigests as ComputedDigests } from '../../protocol/checksums/body-digester.ts'
import { checksumOf } from '../../protocol/checksums/checksum.ts'
import { ThreadedDigester } from '../../protocol/checksums/threaded-digester.ts'
import { verifyChecksum } from '../../protocol/checksums/requested-checksum.ts'
import { ServiceError } from '../../service/errors.ts'
import type { BodyDigests } from '../../service/objects/object-body.ts'
import type { ChecksumAlgorithm } from '../../service/records/object.ts'
import type { BodyPromises } from './body-promises.ts'

/** From this size up a body is digested on a thread of its own; below, the messages would cost more than they save. */
const THREADED_BYTES_MIN = 1024 * 1024

/** Digests a body in one pass, and compares the results with what the request promised. */
export class DigestedBody {
  readonly #promises: BodyPromises
  readonly #algorithm: ChecksumAlgorithm | null
  readonly #isLarge: boolean
  #digests: Promise<ComputedDigests> | null = null
  #isBegun = false

  /** `wanted`: the algorithm to use where the request promises no checksum; null: none. `sizeBytes`: null when only its end tells it. */
  constructor(promises: BodyPromises, wanted: ChecksumAlgorithm | null, sizeBytes: number | null) {
    this.#promises = promises
    this.#algorithm = promises.checksum?.algorithm ?? wanted
    this.#isLarge = sizeBytes !== null && sizeBytes >= THREADED_BYTES_MIN
  }

  /** Passes bytes on and digests them; those of a large body lie in `bodyBuffers` then. Called once. */
  async *pass(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    this.#isBegun = true
    const digester = this.#newDigester()
    try {
      for await (const piece of this.#isLarge ? gatheredPieces(bytes) : bytes) {
        const digesting = digester.update(piece)
        // A failure is seen where it is awaited; until then it must not count as unhandled.
        digesting?.catch(() => undefined)
        yield piece
        if (digesting) await digesting
      }
      this.#digests = Promise.resolve(digester.finish())
      // A failure is seen where `finish` awaits it; until then it must not count as unhandled.
      this.#digests.catch(() => undefined)
    } finally {
      if (!this.#digests && digester instanceof ThreadedDigester) digester.drop()
    }
  }

  /**
   * Called once, after the last byte was passed on. `trailer`: the checksum that came behind the body. Throws `BadDigest` and
   * `XAmzContentSHA256Mismatch`.
   */
  async finish(trailer: string | null): Promise<BodyDigests> {
    if (this.#isBegun && !this.#digests) throw new Error('the body was not read to its end')
    const { md5, sha256, checksum } = await (this.#digests ?? this.#newDigester().finish())
    return compare(this.#promises, trailer, {
      md5Hex: md5 ?? '',
      sha256,
      algorithm: this.#algorithm,
      checksum,
    })
  }

  #newDigester(): BodyDigester | ThreadedDigester {
    const options = { md5: true, sha256: this.#promises.sha256 !== null, checksum: this.#algorithm }
    return this.#isLarge ? new ThreadedDigester(options) : new BodyDigester(options)
  }
}

/** As {@link DigestedBody} for bytes that are all there: no hashing object for each. */
export function digestWhole(
  bytes: Uint8Array,
  promises: BodyPromises,
  wanted: ChecksumAlgorithm | null,
  trailer: string | null,
): BodyDigests {
  const algorithm = promises.checksum?.algorithm ?? wanted
  return compare(promises, trailer, {
    md5Hex: hash('md5', bytes, 'hex'),
    sha256: promises.sha256 === null ? null : hash('sha256', bytes, 'hex'),
    algorithm,
    checksum: algorithm === null ? null : checksumOf(algorithm, bytes),
  })
}

interface Computed {
  readonly md5Hex: string
  readonly sha256: string | null
  readonly algorithm: ChecksumAlgorithm | null
  readonly checksum: string | null
}

function compare(promises: BodyPromises, trailer: string | null, computed: Computed): BodyDigests {
  const { md5Hex, sha256, algorithm, checksum } = computed
  if (promises.sha256 !== null && sha256 !== promises.sha256)
    throw new ServiceError('XAmzContentSHA256Mismatch', undefined, {
      details: { clientComputedContentSHA256: promises.sha256, s3ComputedContentSHA256: sha256 ?? '' },
    })
  if (promises.md5 !== null && promises.md5 !== md5Hex)
    throw new ServiceError('BadDigest', 'The Content-MD5 you specified did not match what we received.', {
      details: { expectedDigest: toBase64(promises.md5), calculatedDigest: toBase64(md5Hex) },
    })
  if (algorithm === null || checksum === null) return { md5Hex }
  if (promises.checksum) verifyChecksum(algorithm, promises.checksum.value ?? trailer ?? '', checksum)
  return { md5Hex, checksum: { algorithm, type: 'FULL_OBJECT', value: checksum } }
}

const toBase64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64')
