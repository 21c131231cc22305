import type { IncomingHttpHeaders } from 'node:http'
import type { PayloadHash } from '../../auth/payload-hash.ts'
import { parseContentMd5 } from '../../protocol/checksums/content-md5.ts'
import {
  parseRequestedChecksum,
  type RequestedChecksum,
} from '../../protocol/checksums/requested-checksum.ts'

/** What a request promises about its body; each is checked against the bytes before anything is stored. */
export interface BodyPromises {
  /** Hexadecimal. */
  readonly sha256: string | null
  /** Hexadecimal. */
  readonly md5: string | null
  readonly checksum: RequestedChecksum | null
}

/**
 * Reads the promises out of the headers; `hasChecksum`: a checksum that they give is the body's. Throws ProtocolFailure `InvalidDigest` and
 * `InvalidRequest`.
 */
export function parseBodyPromises(
  headers: IncomingHttpHeaders,
  payload: PayloadHash | null,
  hasChecksum = true,
): BodyPromises {
  const contentMd5 = headers['content-md5']
  return {
    sha256: payload?.kind === 'digest' ? payload.text : null,
    md5: typeof contentMd5 === 'string' ? parseContentMd5(contentMd5) : null,
    checksum: hasChecksum ? parseRequestedChecksum(headers) : null,
  }
}
