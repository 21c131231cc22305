import { ProtocolFailure } from '../protocol-failure.ts'

/** The base64 of 16 bytes; bits of the last character that stand for nothing may be any, as in S3. */
const MD5_TEXT = /^[A-Za-z0-9+/]{22}==$/

/** Reads a Content-MD5 header into hexadecimal. Throws ProtocolFailure `malformed-digest` when it is not the base64 of 16 bytes. */
export function parseContentMd5(text: string): string {
  if (!MD5_TEXT.test(text))
    throw new ProtocolFailure('malformed-digest', 'The Content-MD5 you specified was invalid.', {
      contentMd5: text.slice(0, 64),
    })
  return Buffer.from(text, 'base64').toString('hex')
}
