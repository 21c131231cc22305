import { operation } from '../operation.ts'
import { integer, list, structure } from '../shape.ts'
import { inQuery, repeated } from './bindings.ts'
import { right } from './right.ts'
import { ChecksumAlgorithm, ChecksumType } from './shapes/checksum.ts'
import { customerKeyHeaders } from './shapes/encryption.ts'
import { Owner } from './shapes/owner.ts'
import { BooleanValue, IntegerValue, StringValue } from './shapes/primitives.ts'
import { ListedPart, uploadInAddress } from './shapes/upload.ts'

/** Lists the parts of an upload. */
export const listParts = operation('ListParts', {
  http: { method: 'GET', target: 'object', query: 'uploadId' },
  rights: [right('s3:ListMultipartUploadParts', 'object')],
  input: structure({
    ...uploadInAddress,
    MaxParts: inQuery('max-parts', integer({ min: 0 })),
    PartNumberMarker: inQuery('part-number-marker', integer({ min: 0 })),
    ...customerKeyHeaders,
  }),
  output: structure(
    {
      Bucket: StringValue,
      Key: StringValue,
      UploadId: StringValue,
      Initiator: Owner,
      Owner,
      StorageClass: StringValue,
      ChecksumAlgorithm,
      ChecksumType,
      PartNumberMarker: IntegerValue,
      NextPartNumberMarker: IntegerValue,
      MaxParts: IntegerValue,
      IsTruncated: BooleanValue,
      Parts: repeated('Part', list(ListedPart, { isFlattened: true })),
    },
    { name: 'ListPartsResult' },
  ),
  errors: ['NoSuchUpload'],
})
