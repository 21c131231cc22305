import { parseHttpDate } from '../../base/http-date.ts'
import { parseRange } from '../../protocol/range.ts'
import { S3Error } from '../s3-error.ts'
import type { OpenObject } from '../../service/versions/open-object.ts'
import type { ByteRange } from '../../storage/blob-store.ts'
import { quoteEtag } from './etags.ts'

/**
 * The bytes of an object that a read asks for, by range or part; null: all of it, as a plain response. Throws `InvalidRange`, and
 * `InvalidRequest` for both at once.
 */
export function requestedRange(
  input: {
    readonly Range?: string | undefined
    readonly IfRange?: string | undefined
    readonly PartNumber?: number | undefined
  },
  { record, part }: OpenObject,
): ByteRange | null {
  if (part) {
    if (input.Range !== undefined)
      throw new S3Error('InvalidRequest', 'Cannot specify both Range header and partNumber query parameter')
    return part.range
  }
  if (input.Range === undefined || !isRangeOf(record, input.IfRange)) return null
  const range = parseRange(input.Range, record.sizeBytes)
  if (range === 'unsatisfiable')
    throw new S3Error('InvalidRange', undefined, {
      details: {
        rangeRequested: input.Range.slice(0, 256),
        actualObjectSize: record.sizeBytes,
        contentRange: `bytes */${record.sizeBytes}`,
      },
    })
  return range
}

/** Whether a client's part of an object is of this state of it: by its ETag, or by exactly its date. Otherwise it gets the whole. */
function isRangeOf({ etag, lastModified }: OpenObject['record'], ifRange: string | undefined): boolean {
  if (ifRange === undefined || ifRange === quoteEtag(etag)) return true
  return parseHttpDate(ifRange) === Math.floor(lastModified / 1000) * 1000
}
