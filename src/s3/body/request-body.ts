import type { IncomingMessage } from 'node:http'
import { EMPTY_SHA256, type PayloadHash } from '../../auth/payload-hash.ts'
import type { RequestHeaders } from '../../auth/request-headers.ts'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import { collectDocument, type CollectedDocument } from '../../base/collect-document.ts'
import { callersDocuments, strangersDocuments, wholeBodies } from '../../base/document-budget.ts'
import type { ChunkVerifier } from '../../protocol/aws-chunked/chunk-verifier.ts'
import { AwsChunkedBody } from '../../protocol/aws-chunked/decoder.ts'
import { CHECKSUM_HEADERS } from '../../protocol/checksums/algorithms.ts'
import { S3Error } from '../s3-error.ts'
import { checkBodySize } from '../../service/bodies/body-size.ts'
import type { BodyDigests, ObjectBody } from '../../service/bodies/object-body.ts'
import { DEFAULT_CHECKSUM_ALGORITHM } from '../../service/records/object.ts'
import { DigestedBody, digestWhole, type WantedChecksum } from './body-digests.ts'
import { parseBodyPromises, type BodyPromises } from './body-promises.ts'
import { hasBody, parseFraming, type Framing } from './framing.ts'
import { collectBody, requestBytes } from './request-bytes.ts'

interface RequestBodyOptions {
  /** Read for its bytes alone. */
  readonly request: IncomingMessage
  readonly headers: RequestHeaders
  /** What the signature says about the body. */
  readonly payload: PayloadHash | null
  /** Made when chunks are signed. */
  readonly chunkVerifier: () => ChunkVerifier
  /** Whether nobody proved who sent it. */
  readonly isStranger: boolean
  /** Has a function called when the request was answered, or its client is gone. */
  readonly onceOver: (release: () => void) => void
  /** Bodies up to this size are taken whole into memory, while there is room for them. */
  readonly wholeBytesMax: number
}

/** How a document is read: how long it may be, whose the request's checksum is, and whether it must come with one. */
export interface DocumentOptions {
  readonly bytesMax: number
  readonly hasChecksum: boolean
  readonly needsDigest: boolean
}

const NO_BYTES = new Uint8Array()

/** The body of one request: unframed, bounded, digested, and compared with everything that the request promised about it. */
export class RequestBody {
  readonly #options: RequestBodyOptions

  constructor(options: RequestBodyOptions) {
    this.#options = options
  }

  /**
   * The bytes of an object or part, with the checksums that are wanted. `check` sees what the request promises before any byte is read.
   * Throws `MissingContentLength`, `InvalidDigest` and `InvalidRequest`, and as checkBodySize.
   */
  async openObject(
    wanted: WantedChecksum = { algorithm: DEFAULT_CHECKSUM_ALGORITHM },
    check: (promises: BodyPromises) => void = () => undefined,
  ): Promise<ObjectBody> {
    const { headers, payload, wholeBytesMax } = this.#options
    const framing = parseFraming(headers, payload)
    const promises = parseBodyPromises(headers, payload)
    check(promises)
    const { sizeBytes } = framing
    if (sizeBytes !== null) checkBodySize(sizeBytes)
    if (sizeBytes !== null && sizeBytes <= wholeBytesMax) {
      const release = wholeBodies.take(sizeBytes)
      if (release) {
        this.#options.onceOver(release)
        return await this.#wholeBody(framing, promises, wanted, sizeBytes)
      }
    }
    return this.#streamedBody(framing, promises, wanted)
  }

  /**
   * Throws `InvalidRequest` unless the request says what bytes it sends, by Content-MD5 or a checksum: a lock keeps whatever bytes came. `request`: the
   * words that S3 has for it in its message, such as "Put Object".
   */
  requireDigest(request: string): void {
    const { headers, payload } = this.#options
    checkHasDigest(
      parseBodyPromises(headers, payload),
      `Content-MD5 OR x-amz-checksum- HTTP header is required for ${request} requests with Object Lock parameters`,
    )
  }

  /**
   * A whole document, checked against what was promised; null when the request has no body. `hasChecksum`: the request's checksum is the
   * document's. Throws also `MaxMessageLengthExceeded`, and `SlowDown` when there are too many at once.
   */
  async readDocument({
    bytesMax,
    hasChecksum,
    needsDigest,
  }: DocumentOptions): Promise<CollectedDocument | null> {
    const { headers, payload, isStranger } = this.#options
    const promises = parseBodyPromises(headers, payload, hasChecksum)
    if (!hasBody(headers)) {
      this.refuseMissing()
      digestWhole(NO_BYTES, promises, { algorithm: null }, null)
      return null
    }
    if (needsDigest)
      checkHasDigest(promises, 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*')
    const framing = parseFraming(headers, payload)
    if (framing.sizeBytes !== null && framing.sizeBytes > bytesMax) throw tooLong(bytesMax)
    const source = this.#open(framing)
    const document = await collectDocument(source.bytes, {
      bytesMax,
      announcedBytes: framing.sizeBytes,
      budget: isStranger ? strangersDocuments : callersDocuments,
      tooLong: () => tooLong(bytesMax),
      crowded: () => new S3Error('SlowDown'),
    })
    try {
      digestWhole(document.bytes, promises, { algorithm: null }, source.trailer(promises))
    } catch (error) {
      document.release()
      throw error
    }
    return document
  }

  /**
   * Throws `XAmzContentSHA256Mismatch` or `IncompleteBody` where the signature says that there is a body and there is none: it was cut out on its
   * way, and a request that may come without one would do something else.
   */
  refuseMissing(): void {
    const { headers, payload } = this.#options
    if (payload === null || payload.kind === 'unsigned' || hasBody(headers)) return
    if (payload.kind !== 'digest') throw new S3Error('IncompleteBody')
    if (payload.text !== EMPTY_SHA256)
      throw new S3Error('XAmzContentSHA256Mismatch', undefined, {
        details: { clientComputedContentSHA256: payload.text, s3ComputedContentSHA256: EMPTY_SHA256 },
      })
  }

  async #wholeBody(
    framing: Framing,
    promises: BodyPromises,
    wanted: WantedChecksum,
    sizeBytes: number,
  ): Promise<ObjectBody> {
    if (framing.type === 'plain') {
      const bytes = await collectBody(this.#options.request, sizeBytes)
      return { bytes, finish: () => digestWhole(bytes, promises, wanted, null) }
    }
    const source = this.#open(framing)
    const bytes = Buffer.allocUnsafeSlow(sizeBytes)
    let at = 0
    // The decoder gives as many bytes as were announced, or fails.
    for await (const piece of source.bytes) {
      bytes.set(piece, at)
      at += piece.length
      bodyBuffers.giveBack(piece)
    }
    return { bytes, finish: () => digestWhole(bytes, promises, wanted, source.trailer(promises)) }
  }

  #streamedBody(framing: Framing, promises: BodyPromises, wanted: WantedChecksum): ObjectBody {
    const source = this.#open(framing)
    const digests = new DigestedBody(promises, wanted, framing.sizeBytes)
    return {
      stream: digests.pass(source.bytes),
      ...(framing.sizeBytes !== null && { sizeBytes: framing.sizeBytes }),
      finish: (): Promise<BodyDigests> => digests.finish(source.trailer(promises)),
    }
  }

  #open(framing: Framing): {
    readonly bytes: AsyncIterable<Buffer>
    /** The promised checksum out of the trailer; call it after the last byte. */
    trailer(promises: BodyPromises): string | null
  } {
    const { request, chunkVerifier } = this.#options
    if (framing.type === 'plain')
      return { bytes: requestBytes(request, framing.sizeBytes), trailer: () => null }
    const body = new AwsChunkedBody(requestBytes(request, null), {
      decodedBytes: framing.sizeBytes,
      verifier: framing.isSigned ? chunkVerifier() : null,
      trailerNames: framing.trailerNames,
    })
    return {
      bytes: body,
      trailer: ({ checksum }) =>
        checksum?.value === null ? (body.trailers.get(CHECKSUM_HEADERS[checksum.algorithm]) ?? null) : null,
    }
  }
}

function checkHasDigest({ md5, checksum }: BodyPromises, message: string): void {
  if (md5 === null && checksum === null) throw new S3Error('InvalidRequest', message)
}

function tooLong(bytesMax: number): S3Error {
  return new S3Error('MaxMessageLengthExceeded', undefined, {
    details: { maxMessageLengthBytes: bytesMax },
  })
}
