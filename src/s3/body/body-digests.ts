import { hash } from 'node:crypto'
import { BodyDigester } from '../../protocol/checksums/body-digester.ts'
import { checksumOf } from '../../protocol/checksums/checksum.ts'
import { verifyChecksum } from '../../protocol/checksums/requested-checksum.ts'
import { ServiceError } from '../../service/errors.ts'
import type { BodyDigests } from '../../service/objects/object-body.ts'
import type { ChecksumAlgorithm } from '../../service/records/object.ts'
import type { BodyPromises } from './body-promises.ts'

/** Digests a body in one pass, and compares the results with what the request promised. */
export class DigestedBody {
  readonly #promises: BodyPromises
  readonly #algorithm: ChecksumAlgorithm | null
  readonly #digester: BodyDigester

  /** `wanted`: the algorithm to use where the request promises no checksum; null: none. */
  constructor(promises: BodyPromises, wanted: ChecksumAlgorithm | null) {
    this.#promises = promises
    this.#algorithm = promises.checksum?.algorithm ?? wanted
    this.#digester = new BodyDigester({
      md5: true,
      sha256: promises.sha256 !== null,
      checksum: this.#algorithm,
    })
  }

  update(bytes: Uint8Array): void {
    this.#digester.update(bytes)
  }

  /** `trailer`: the checksum that came behind the body. Throws `BadDigest` and `XAmzContentSHA256Mismatch`. */
  finish(trailer: string | null): BodyDigests {
    const { md5, sha256, checksum } = this.#digester.finish()
    return compare(this.#promises, trailer, {
      md5Hex: md5 ?? '',
      sha256,
      algorithm: this.#algorithm,
      checksum,
    })
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
