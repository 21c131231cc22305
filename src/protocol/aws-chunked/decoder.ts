import type { Hash } from 'node:crypto'
import { createHash } from 'node:crypto'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import { ProtocolFailure } from '../protocol-failure.ts'
import { CHUNK_HEADER_BYTES_MAX, parseChunkHeader } from './chunk-header.ts'
import type { ChunkVerifier } from './chunk-verifier.ts'
import { SmallChunks } from './small-chunks.ts'
import { TrailerLines } from './trailer-lines.ts'

/** What a request's headers tell about its aws-chunked body. */
export interface AwsChunkedOptions {
  /** x-amz-decoded-content-length: exactly so many bytes must come out. */
  readonly decodedBytes: number
  /** Null where chunks carry no signatures. */
  readonly verifier: ChunkVerifier | null
  /** Names that x-amz-trailer announces, in lower case; empty when there is no trailer. */
  readonly trailerNames: readonly string[]
}

/** Signed chunks below this size are refused unless they are the last with bytes, as S3 does: each costs two hashes. */
const SIGNED_CHUNK_BYTES_MIN = 8 * 1024
/** Pieces below this size are put together: whoever takes them has work, and perhaps an object, for each. */
const SMALL_BYTES = 1_024

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const EPILOGUE: readonly number[] = [CARRIAGE_RETURN, LINE_FEED]

/**
 * The bytes inside an aws-chunked request body, as views of the source's buffers, which may be given back to `bodyBuffers`, those of small chunks put together:
 *
 *     <size>[;chunk-signature=<signature>]\r\n <bytes> \r\n      any number of chunks
 *     0[;chunk-signature=<signature>]\r\n                        the last chunk
 *     <name>:<value>\r\n                                         the trailer's fields, where there are any
 *     x-amz-trailer-signature:<signature>\r\n                    where chunks are signed and there is a trailer
 *     \r\n
 *     \r\n                                                       from clients that end an unsigned trailer's field with a line feed alone
 *
 * Bytes are handed on as they come and each chunk's signature is checked at its end, so a consumer must commit nothing before the
 * iteration has ended without an error. Give it `request.iterator({ destroyOnReturn: false })` rather than the request, or a failure
 * closes the socket before the error can be answered. Holds no more than one line besides the source's own buffer. Errors: ProtocolFailure
 * `incomplete-body` (malformed, ended early, too few bytes or too many: S3 has one word for all), `small-chunk` (a signed chunk of less
 * than 8 KiB that another one follows), `malformed-trailer`; and what the verifier throws.
 */
export class AwsChunkedBody implements AsyncIterable<Buffer> {
  readonly #source: AsyncIterable<Uint8Array>
  readonly #options: AwsChunkedOptions
  readonly #trailer: TrailerLines
  #state: 'header' | 'bytes' | 'chunk-end' | 'trailer' | 'done' = 'header'
  #line = ''
  #chunkBytesLeft = 0
  /** Of the chunk that came last; 0 before the first. */
  #chunkBytes = 0
  #chunkCount = 0
  #decodedBytes = 0
  #chunkHash: Hash | null = null
  #chunkSignature = ''
  #epilogueBytes = 0

  constructor(source: AsyncIterable<Uint8Array>, options: AwsChunkedOptions) {
    this.#source = source
    this.#options = options
    this.#trailer = new TrailerLines(options.trailerNames, options.verifier)
  }

  /** The trailer's fields by lower-case name; complete after the iteration. */
  get trailers(): ReadonlyMap<string, string> {
    return this.#trailer.values
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    const small = new SmallChunks()
    for await (const piece of this.#source) {
      const buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
      for (let at = 0; at < buffer.length;) {
        if (this.#state === 'bytes') {
          const bytes = buffer.subarray(at, at + this.#chunkBytesLeft)
          at += bytes.length
          this.#takeBytes(bytes)
          if (bytes.length >= SMALL_BYTES) {
            if (small.sizeBytes > 0) yield small.take()
            bodyBuffers.share(bytes)
            yield bytes
          } else {
            if (!small.hasRoomFor(bytes.length)) yield small.take()
            small.add(bytes)
          }
        } else if (this.#mayTakeMany()) {
          // Where there are as many chunks as bytes, nothing may be made for each of them.
          const before = small.sizeBytes
          const next = small.addChunks(buffer, at, this.#options.decodedBytes - this.#decodedBytes)
          this.#decodedBytes += small.sizeBytes - before
          if (next > at) at = next
          else if (!small.hasRoom) yield small.take()
          else at = this.#takeLine(buffer, at)
        } else if (this.#state === 'done') {
          if (this.#takeEpilogue(buffer[at])) {
            at += 1
            continue
          }
          throw new ProtocolFailure('incomplete-body', 'bytes follow the end of the aws-chunked body')
        } else {
          at = this.#takeLine(buffer, at)
        }
      }
      bodyBuffers.giveBack(buffer)
    }
    if (small.sizeBytes > 0) yield small.take()
    if (this.#state !== 'done') {
      throw new ProtocolFailure(
        'incomplete-body',
        `the aws-chunked body ended after ${this.#decodedBytes} bytes, before its last chunk was whole`,
      )
    }
    if (this.#decodedBytes !== this.#options.decodedBytes) {
      throw new ProtocolFailure(
        'incomplete-body',
        `the aws-chunked body must hold the ${this.#options.decodedBytes} bytes of x-amz-decoded-content-length, got ${this.#decodedBytes}`,
      )
    }
  }

  /** Whether whole chunks may follow that are of no interest each. */
  #mayTakeMany(): boolean {
    return this.#state === 'header' && this.#line === '' && this.#options.verifier === null
  }

  /** One more line end behind an unsigned trailer, which ended with the first that was empty. */
  #takeEpilogue(byte: number | undefined): boolean {
    const { verifier, trailerNames } = this.#options
    if (verifier !== null || trailerNames.length === 0) return false
    return byte === EPILOGUE[this.#epilogueBytes++]
  }

  #takeBytes(bytes: Buffer): void {
    this.#decodedBytes += bytes.length
    this.#chunkBytesLeft -= bytes.length
    this.#chunkHash?.update(bytes)
    if (this.#chunkBytesLeft > 0) return
    this.#verifyChunk()
    this.#state = 'chunk-end'
  }

  /** Reads on to the next line feed; returns where to go on in the buffer. */
  #takeLine(buffer: Buffer, from: number): number {
    const end = buffer.indexOf(LINE_FEED, from)
    const lineBytes = this.#line.length + (end < 0 ? buffer.length : end) - from
    if (lineBytes > CHUNK_HEADER_BYTES_MAX) {
      throw new ProtocolFailure(
        'incomplete-body',
        `a line of the aws-chunked body must be ${CHUNK_HEADER_BYTES_MAX} bytes or fewer`,
      )
    }
    this.#line += buffer.toString('latin1', from, end < 0 ? buffer.length : end)
    if (end < 0) return buffer.length
    const isTerminated = this.#line.charCodeAt(this.#line.length - 1) === CARRIAGE_RETURN
    const line = isTerminated ? this.#line.slice(0, -1) : this.#line
    this.#line = ''
    if (this.#state === 'trailer') {
      if (this.#trailer.add(line)) this.#state = 'done'
    } else if (!isTerminated || (this.#state === 'chunk-end' && line !== '')) {
      throw new ProtocolFailure(
        'incomplete-body',
        'a chunk of the aws-chunked body must end, as its header must, with a carriage return and a line feed',
      )
    } else if (this.#state === 'chunk-end') {
      this.#state = 'header'
    } else {
      this.#beginChunk(line)
    }
    return end + 1
  }

  #beginChunk(line: string): void {
    const { verifier, decodedBytes } = this.#options
    const { sizeBytes, signature } = parseChunkHeader(line)
    if ((signature === null) !== (verifier === null)) {
      throw new ProtocolFailure(
        'incomplete-body',
        `chunks of this request ${verifier === null ? 'must not' : 'must'} carry signatures, as its x-amz-content-sha256 says`,
      )
    }
    if (verifier !== null && sizeBytes > 0) {
      if (this.#chunkCount++ > 0 && this.#chunkBytes < SIGNED_CHUNK_BYTES_MIN)
        throw new ProtocolFailure('small-chunk', undefined, {
          chunk: this.#chunkCount,
          badChunkSize: this.#chunkBytes,
        })
      this.#chunkBytes = sizeBytes
    }
    if (this.#decodedBytes + sizeBytes > decodedBytes) {
      throw new ProtocolFailure(
        'incomplete-body',
        `the aws-chunked body must hold the ${decodedBytes} bytes of x-amz-decoded-content-length, got more`,
      )
    }
    this.#chunkBytesLeft = sizeBytes
    this.#chunkSignature = signature ?? ''
    this.#chunkHash = verifier === null ? null : createHash('sha256')
    if (sizeBytes > 0) {
      this.#state = 'bytes'
      return
    }
    this.#verifyChunk()
    this.#state = 'trailer'
  }

  #verifyChunk(): void {
    if (this.#chunkHash === null) return
    this.#options.verifier?.verifyChunk(this.#chunkHash.digest('hex'), this.#chunkSignature)
    this.#chunkHash = null
  }
}
