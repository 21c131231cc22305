import { integer } from '../../shape.ts'
import { inHeader, inQuery } from '../bindings.ts'
import { ChecksumMode } from './checksum.ts'
import { customerKeyHeaders } from './encryption.ts'
import { readConditionHeaders, responseOverrides } from './object-headers.ts'
import { objectInAddress, StringValue } from './primitives.ts'

/** What a read of an object, with or without its bytes, says in address and headers. */
export const objectReadMembers = {
  ...objectInAddress,
  ...readConditionHeaders,
  Range: inHeader('range', StringValue),
  IfRange: inHeader('if-range', StringValue),
  ...responseOverrides,
  VersionId: inQuery('versionId', StringValue),
  PartNumber: inQuery('partNumber', integer({ min: 1, max: 10_000 })),
  ...customerKeyHeaders,
  ChecksumMode: inHeader('x-amz-checksum-mode', ChecksumMode),
}
