import type { DigestBody } from '../../service/objects/copy-object.ts'
import type { ChecksumAlgorithm } from '../../service/records/object.ts'
import { DigestedBody, digestWhole } from './body-digests.ts'
import type { BodyPromises } from './body-promises.ts'

const NO_PROMISES: BodyPromises = { sha256: null, md5: null, checksum: null }

/** Digests the bytes of a copy on their way; `algorithm`: the checksum wanted, if any. */
export function digestCopy(algorithm: ChecksumAlgorithm | null): DigestBody {
  return (source) => {
    if ('bytes' in source)
      return { bytes: source.bytes, finish: () => digestWhole(source.bytes, NO_PROMISES, algorithm, null) }
    const digests = new DigestedBody(NO_PROMISES, algorithm, source.sizeBytes)
    return {
      stream: digests.pass(source.stream),
      sizeBytes: source.sizeBytes,
      finish: () => digests.finish(null),
    }
  }
}
