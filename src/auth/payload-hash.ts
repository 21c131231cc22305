import { AuthenticationFailure } from './authentication-failure.ts'

/** What a request's signature says about its body. `text` is the canonical request's last line. */
export type PayloadHash =
  /** The body's own SHA-256, 64 lower-case hexadecimal digits; whoever reads the body must compare. */
  | { readonly kind: 'digest'; readonly text: string }
  /** The body is not covered. */
  | { readonly kind: 'unsigned'; readonly text: string }
  /** The body comes in aws-chunked framing; each chunk has a signature, and so has the trailer where one is announced. */
  | { readonly kind: 'signed-chunks'; readonly hasTrailer: boolean; readonly text: string }
  /** The body comes in aws-chunked framing without signatures, followed by a trailer. */
  | { readonly kind: 'unsigned-chunks'; readonly text: string }

/** SHA-256 of no bytes. */
export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** The body is not covered by the signature: presigned URLs, anonymous requests. */
export const UNSIGNED_PAYLOAD: PayloadHash = { kind: 'unsigned', text: 'UNSIGNED-PAYLOAD' }

const MARKERS: ReadonlyMap<string, PayloadHash> = new Map(
  (
    [
      UNSIGNED_PAYLOAD,
      { kind: 'signed-chunks', hasTrailer: false, text: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' },
      { kind: 'signed-chunks', hasTrailer: true, text: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER' },
      { kind: 'unsigned-chunks', text: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
    ] satisfies PayloadHash[]
  ).map((payload) => [payload.text, payload]),
)

/** Reads a value of x-amz-content-sha256. Throws `payload-hash-malformed`. */
export function parsePayloadHash(text: string): PayloadHash {
  if (text.length === 64 && isLowerHex(text)) return { kind: 'digest', text }
  const marker = MARKERS.get(text)
  if (marker) return marker
  throw new AuthenticationFailure(
    'payload-hash-malformed',
    `x-amz-content-sha256 must be ${[...MARKERS.keys()].join(', ')}, or a SHA-256 in 64 lower-case hexadecimal digits`,
    { argumentName: 'x-amz-content-sha256', argumentValue: text.slice(0, 128) },
  )
}

/** Whether every character is one of `0–9 a–f`. */
export function isLowerHex(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (!((code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66))) return false
  }
  return true
}
