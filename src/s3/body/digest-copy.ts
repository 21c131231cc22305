import type { DigestBody } from '../../service/objects/copy-object.ts'
import { DEFAULT_CHECKSUM_ALGORITHM, type ChecksumAlgorithm } from '../../service/records/object.ts'
import { DigestedBody, digestWhole } from './body-digests.ts'
import type { BodyPromises } from './body-promises.ts'

const NO_PROMISES: BodyPromises = { sha256: null, md5: null, checksum: null }

/**
 * Digests the bytes of a copy on their way; `asked`: the checksum that the request asks for. Without one a copy has its source's, made anew,
 * since a composite one of parts is none of the copy's, or else the one that every object gets.
 */
export function digestCopy(asked: ChecksumAlgorithm | undefined): DigestBody {
  return (source, record) => {
    const algorithm = asked ?? record.checksum?.algorithm ?? DEFAULT_CHECKSUM_ALGORITHM
    if ('bytes' in source)
      return {
        bytes: source.bytes,
        finish: () => digestWhole(source.bytes, NO_PROMISES, { algorithm }, null),
      }
    const digests = new DigestedBody(NO_PROMISES, { algorithm }, source.sizeBytes)
    return {
      stream: digests.pass(source.stream),
      sizeBytes: source.sizeBytes,
      finish: () => digests.finish(null),
    }
  }
}
