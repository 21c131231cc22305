import { percentDecode } from '../../base/percent-encoding.ts'
import { S3Error } from '../s3-error.ts'

/** Resolves percent-encoding; a character above 0x7f is a byte that a client did not encode. Throws `InvalidURI` when the result is not UTF-8. */
export function decodeUri(text: string): string {
  const decoded = percentDecode(text)
  if (decoded === null) throw new S3Error('InvalidURI')
  return decoded
}
