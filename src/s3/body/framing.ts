import type { IncomingHttpHeaders } from 'node:http'
import type { PayloadHash } from '../../auth/payload-hash.ts'
import { parseTrailerNames } from '../../protocol/checksums/requested-checksum.ts'
import { S3Error } from '../s3-error.ts'
import { invalidArgument } from '../request/argument-errors.ts'

/** How the bytes of a body lie in the request, and how many there are. */
export type Framing =
  /** The body is the bytes; `sizeBytes` null: HTTP's own chunked coding tells where they end. */
  | { readonly type: 'plain'; readonly sizeBytes: number | null }
  /** The bytes are in aws-chunked framing. */
  | {
      readonly type: 'aws-chunked'
      readonly sizeBytes: number
      readonly isSigned: boolean
      /** Lower-case names of the fields behind the last chunk. */
      readonly trailerNames: readonly string[]
    }

/** Finds out how a body is framed. Throws `MissingContentLength`, `InvalidArgument` and `InvalidRequest`. */
export function parseFraming(headers: IncomingHttpHeaders, payload: PayloadHash | null): Framing {
  const isChunked = payload?.kind === 'signed-chunks' || payload?.kind === 'unsigned-chunks'
  if (!isChunked) return { type: 'plain', sizeBytes: plainSize(headers) }
  const trailerNames = parseTrailerNames(headers)
  const announces = payload.kind === 'unsigned-chunks' || payload.hasTrailer
  if (trailerNames.length > 0 && !announces)
    throw new S3Error('InvalidRequest', `x-amz-trailer does not go with x-amz-content-sha256 ${payload.text}`)
  const decodedLength = headers['x-amz-decoded-content-length']
  const sizeBytes = readLength(decodedLength)
  if (sizeBytes === null) throw missingDecodedLength(decodedLength)
  return {
    type: 'aws-chunked',
    sizeBytes,
    isSigned: payload.kind === 'signed-chunks',
    trailerNames,
  }
}

/** Whether the request has a body at all. */
export function hasBody(headers: IncomingHttpHeaders): boolean {
  const length = headers['content-length']
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}

function plainSize(headers: IncomingHttpHeaders): number | null {
  const length = headers['content-length']
  if (length !== undefined) return parseLength('content-length', length)
  if (headers['transfer-encoding'] === undefined) throw new S3Error('MissingContentLength')
  return null
}

function parseLength(name: string, value: string | string[]): number {
  const sizeBytes = readLength(value)
  if (sizeBytes === null) throw invalidArgument(name, String(value))
  return sizeBytes
}

function readLength(value: string | string[] | undefined): number | null {
  const number = typeof value === 'string' && /^[0-9]+$/.test(value) ? Number(value) : NaN
  return Number.isSafeInteger(number) ? number : null
}

/** S3 takes a length that is no number for none. */
const missingDecodedLength = (given: string | string[] | undefined): S3Error =>
  given === undefined
    ? new S3Error('MissingContentLength')
    : new S3Error(
        'MissingContentLength',
        'x-amz-decoded-content-length must be the number of bytes that the chunks hold.',
      )
