import { hash } from 'node:crypto'
import { gatheredPieces } from '../../base/gathered-pieces.ts'
import { BodyDigester, type BodyDigests as ComputedDigests } from '../../protocol/checksums/body-digester.ts'
import { checksumOf } from '../../protocol/checksums/checksum.ts'
import { ThreadedDigester } from '../../protocol/checksums/threaded-digester.ts'
import { verifyChecksum } from '../../protocol/checksums/requested-checksum.ts'
import { S3Error } from '../s3-error.ts'
import type { BodyDigests } from '../../service/bodies/object-body.ts'
import type { ChecksumAlgorithm } from '../../service/records/object.ts'
import type { BodyPromises } from './body-promises.ts'

/** From this size up a body is digested on a thread of its own; below, the messages would cost more than they save. */
const THREADED_BYTES_MIN = 1024 * 1024

/** The checksum to make where the request promises none; `isBeside`: also where it promises another. Null: none. */
export interface WantedChecksum {
  readonly algorithm: ChecksumAlgorithm | null
  readonly isBeside?: boolean
}

/** Digests a body in one pass, and compares the results with what the request promised. */
export class DigestedBody {
  readonly #promises: BodyPromises
  readonly #wanted: WantedChecksum
  readonly #isLarge: boolean
  #digests: Promise<ComputedDigests> | null = null
  #isBegun = false

  /** `sizeBytes`: null when only the body's end tells it. */
  constructor(promises: BodyPromises, wanted: WantedChecksum, sizeBytes: number | null) {
    this.#promises = promises
    this.#wanted = wanted
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
    const { md5, sha256, checksums } = await (this.#digests ?? this.#newDigester().finish())
    return compare(this.#promises, this.#wanted, trailer, { md5Hex: md5 ?? '', sha256, checksums })
  }

  #newDigester(): BodyDigester | ThreadedDigester {
    const checksums = algorithmsOf(this.#promises, this.#wanted)
    const options = { md5: true, sha256: this.#promises.sha256 !== null, checksums }
    return this.#isLarge ? new ThreadedDigester(options) : new BodyDigester(options)
  }
}

/** As {@link DigestedBody} for bytes that are all there: no hashing object for each. */
export function digestWhole(
  bytes: Uint8Array,
  promises: BodyPromises,
  wanted: WantedChecksum,
  trailer: string | null,
): BodyDigests {
  const checksums: Partial<Record<ChecksumAlgorithm, string>> = {}
  for (const algorithm of algorithmsOf(promises, wanted)) checksums[algorithm] = checksumOf(algorithm, bytes)
  return compare(promises, wanted, trailer, {
    md5Hex: hash('md5', bytes, 'hex'),
    sha256: promises.sha256 === null ? null : hash('sha256', bytes, 'hex'),
    checksums,
  })
}

/** The algorithms to compute: one that the request promises, and the one wanted where it promises none, or beside it. */
function algorithmsOf(promises: BodyPromises, { algorithm, isBeside }: WantedChecksum): ChecksumAlgorithm[] {
  const promised = promises.checksum?.algorithm
  if (promised === undefined) return algorithm === null ? [] : [algorithm]
  return isBeside && algorithm !== null && algorithm !== promised ? [promised, algorithm] : [promised]
}

interface Computed {
  readonly md5Hex: string
  readonly sha256: string | null
  readonly checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>
}

function compare(
  promises: BodyPromises,
  wanted: WantedChecksum,
  trailer: string | null,
  computed: Computed,
): BodyDigests {
  const { md5Hex, sha256, checksums } = computed
  if (promises.sha256 !== null && sha256 !== promises.sha256)
    throw new S3Error('XAmzContentSHA256Mismatch', undefined, {
      details: { clientComputedContentSHA256: promises.sha256, s3ComputedContentSHA256: sha256 ?? '' },
    })
  if (promises.md5 !== null && promises.md5 !== md5Hex)
    throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.', {
      details: { expectedDigest: toBase64(promises.md5), calculatedDigest: toBase64(md5Hex) },
    })
  const algorithm = promises.checksum?.algorithm ?? wanted.algorithm
  const checksum = algorithm === null ? undefined : checksums[algorithm]
  if (algorithm === null || checksum === undefined) return { md5Hex }
  if (promises.checksum) verifyChecksum(algorithm, promises.checksum.value ?? trailer ?? '', checksum)
  const crc64Nvme = algorithm === 'CRC64NVME' ? undefined : checksums.CRC64NVME
  return {
    md5Hex,
    checksum: { algorithm, type: 'FULL_OBJECT', value: checksum },
    ...(crc64Nvme !== undefined && { crc64Nvme }),
  }
}

const toBase64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64')
