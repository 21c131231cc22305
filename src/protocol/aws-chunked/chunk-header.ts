import { hexDigit } from '../../base/percent-encoding.ts'
import { ProtocolFailure } from '../protocol-failure.ts'

/** Longest line before a chunk's bytes: size and signature take some 90 bytes. */
export const CHUNK_HEADER_BYTES_MAX = 1_024
/** Digits of the greatest chunk size, which keeps sizes safe integers. */
const SIZE_DIGITS_MAX = 13
const SIGNATURE_EXTENSION = 'chunk-signature='

interface ChunkHeader {
  /** 0 for the last chunk. */
  readonly sizeBytes: number
  readonly signature: string | null
}

/** Reads `<size in hexadecimal>[;chunk-signature=<signature>]`. Throws ProtocolFailure `incomplete-body`. */
export function parseChunkHeader(line: string): ChunkHeader {
  const semicolon = line.indexOf(';')
  const digits = semicolon < 0 ? line : line.slice(0, semicolon)
  if (digits.length < 1 || digits.length > SIZE_DIGITS_MAX) throw malformed()
  let sizeBytes = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = hexDigit(digits.charCodeAt(at))
    if (digit < 0) throw malformed()
    sizeBytes = sizeBytes * 16 + digit
  }
  if (semicolon < 0) return { sizeBytes, signature: null }
  const extension = line.slice(semicolon + 1)
  if (!extension.startsWith(SIGNATURE_EXTENSION)) throw malformed()
  return { sizeBytes, signature: extension.slice(SIGNATURE_EXTENSION.length) }
}

function malformed(): ProtocolFailure {
  return new ProtocolFailure(
    'incomplete-body',
    'a chunk of the aws-chunked body must begin with its size in hexadecimal, with ";chunk-signature=" where chunks are signed',
  )
}
