import { ProtocolFailure } from '../protocol-failure.ts'

const MD5_BYTES = 16

/** Reads a Content-MD5 header into hexadecimal. Throws ProtocolFailure `InvalidDigest` when it is not the base64 of 16 bytes. */
export function parseContentMd5(text: string): string {
  const bytes = decodeBase64(text)
  if (bytes?.length !== MD5_BYTES) {
    throw new ProtocolFailure('InvalidDigest', `Content-MD5 must be ${MD5_BYTES} bytes in base64`)
  }
  return bytes.toString('hex')
}

/** The bytes behind a text of strict base64 (padding included), or null when it is none. */
function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}
