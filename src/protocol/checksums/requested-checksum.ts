import type { IncomingHttpHeaders } from 'node:http'
import { ProtocolFailure } from '../protocol-failure.ts'
import type { ChecksumAlgorithm } from './algorithms.ts'
import {
  CHECKSUM_ALGORITHMS,
  CHECKSUM_HEADERS,
  algorithmOfHeader,
  checksumTextKind,
  parseAlgorithm,
} from './algorithms.ts'

/** The checksum that a request with a body gives or announces. */
export interface RequestedChecksum {
  readonly algorithm: ChecksumAlgorithm
  /** Base64 as given; null when it comes in the trailer. */
  readonly value: string | null
}

/**
 * Reads x-amz-checksum-*, x-amz-trailer and x-amz-sdk-checksum-algorithm together; null when the request says nothing of a checksum.
 * Throws ProtocolFailure `checksum-headers` when they contradict each other, name what is not known, or a value is none of its algorithm.
 */
export function parseRequestedChecksum(headers: IncomingHttpHeaders): RequestedChecksum | null {
  const given = givenChecksum(headers)
  const trailer = trailerChecksum(headers)
  if (given && trailer) {
    throw new ProtocolFailure(
      'checksum-headers',
      'a checksum must come in a header or in the trailer, got both',
    )
  }
  const requested = given ?? trailer
  const named = headers['x-amz-sdk-checksum-algorithm']
  if (typeof named !== 'string') return requested
  const algorithm = parseAlgorithm(named)
  if (algorithm === null) {
    throw new ProtocolFailure('checksum-headers', 'Value for x-amz-sdk-checksum-algorithm header is invalid.')
  }
  if (requested === null) {
    throw new ProtocolFailure(
      'checksum-headers',
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    )
  }
  if (requested.algorithm !== algorithm) {
    throw new ProtocolFailure(
      'checksum-headers',
      `Value for x-amz-sdk-checksum-algorithm header is invalid: it is ${algorithm}, but the request carries a ${requested.algorithm}.`,
    )
  }
  return requested
}

/** Names in x-amz-trailer, in lower case. Throws ProtocolFailure `checksum-headers` for more than one or one that is no checksum. */
export function parseTrailerNames(headers: IncomingHttpHeaders): readonly string[] {
  const text = headers['x-amz-trailer']
  if (typeof text !== 'string') return []
  const name = text.trim().toLowerCase()
  if (algorithmOfHeader(name) === null) {
    throw new ProtocolFailure('checksum-headers', 'x-amz-trailer must name one x-amz-checksum-* header')
  }
  return [name]
}

/** Throws ProtocolFailure `checksum-headers` for a value that is none of the algorithm, `checksum-mismatch` unless the checksum (base64) is the one that the request gave. */
export function verifyChecksum(algorithm: ChecksumAlgorithm, given: string, calculated: string): void {
  if (given === calculated) return
  if (given !== '') checkValue(algorithm, given)
  throw new ProtocolFailure(
    'checksum-mismatch',
    `The ${algorithm} you specified did not match the calculated checksum.`,
  )
}

function checkValue(algorithm: ChecksumAlgorithm, value: string): void {
  if (checksumTextKind(algorithm, value) === 'other')
    throw new ProtocolFailure(
      'checksum-headers',
      `Value for ${CHECKSUM_HEADERS[algorithm]} header is invalid.`,
    )
}

const CHECKSUM_HEADER_PREFIX = 'x-amz-checksum-'
/** Headers with the prefix that say something of checksums and are none. */
const ABOUT_CHECKSUMS: ReadonlySet<string> = new Set(['algorithm', 'mode', 'type'])

/** Who sends a checksum wants it compared. */
function refuseUnknown(headers: IncomingHttpHeaders): void {
  for (const name in headers) {
    if (!name.startsWith(CHECKSUM_HEADER_PREFIX) || algorithmOfHeader(name) !== null) continue
    if (!ABOUT_CHECKSUMS.has(name.slice(CHECKSUM_HEADER_PREFIX.length)))
      throw new ProtocolFailure(
        'checksum-headers',
        'The algorithm type you specified in x-amz-checksum- header is invalid.',
      )
  }
}

function givenChecksum(headers: IncomingHttpHeaders): RequestedChecksum | null {
  refuseUnknown(headers)
  let found: RequestedChecksum | null = null
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = headers[CHECKSUM_HEADERS[algorithm]]
    if (typeof value !== 'string') continue
    if (!found) checkValue(algorithm, value)
    if (found) {
      throw new ProtocolFailure(
        'checksum-headers',
        'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
      )
    }
    found = { algorithm, value }
  }
  return found
}

function trailerChecksum(headers: IncomingHttpHeaders): RequestedChecksum | null {
  const [name] = parseTrailerNames(headers)
  const algorithm = name === undefined ? null : algorithmOfHeader(name)
  return algorithm === null ? null : { algorithm, value: null }
}
