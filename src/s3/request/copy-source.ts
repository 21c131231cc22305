import { checkKeyLength } from '../../service/versions/object-key.ts'
import { invalidArgument } from './argument-errors.ts'
import { percentDecode } from '../../base/percent-encoding.ts'
import { decodeUri } from './decode-uri.ts'

/** What a copy reads. */
interface CopySourceAddress {
  readonly bucketName: string
  readonly objectKey: string
  readonly versionId?: string
}

const VERSION_MARK = '?versionId='

/**
 * Reads x-amz-copy-source: `/bucket/key` or `bucket/key`, encoded as a form's values are (`+` is a space; the slashes may be encoded, too), and perhaps `?versionId=…`, the
 * last of it where a key has such a text, too. What a policy's condition is about and what is copied are both read here. Throws
 * `InvalidArgument`, `InvalidURI`, `ObjectKeyTooLong`.
 */
export function parseCopySource(text: string): CopySourceAddress {
  const versionStart = text.lastIndexOf(VERSION_MARK)
  const path = versionStart < 0 ? text : text.slice(0, versionStart)
  const whole = percentDecode(path.replaceAll('+', ' '))
  if (whole === null) throw invalidArgument('x-amz-copy-source', text, 'Invalid copy source encoding.')
  const decoded = whole.startsWith('/') ? whole.slice(1) : whole
  const slash = decoded.indexOf('/')
  const bucketName = decoded.slice(0, Math.max(slash, 0))
  const objectKey = decoded.slice(slash + 1)
  if (bucketName === '' || objectKey === '')
    throw invalidArgument(
      'x-amz-copy-source',
      text,
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    )
  checkKeyLength(objectKey)
  const versionId = versionStart < 0 ? null : decodeUri(text.slice(versionStart + VERSION_MARK.length))
  return { bucketName, objectKey, ...(versionId !== null && { versionId }) }
}
