import { operation } from '../../operation.ts'
import { integer, list, structure } from '../../shape.ts'
import { inQuery, repeated } from '../bindings.ts'
import { right } from '../right.ts'
import { ChecksumAlgorithm, ChecksumType } from '../shapes/checksum.ts'
import { customerKeyHeaders } from '../shapes/encryption.ts'
import { CommonPrefixes, listingArguments } from '../shapes/listing.ts'
import { Owner } from '../shapes/owner.ts'
import { BooleanValue, IntegerValue, IsoSecond, StringValue } from '../shapes/primitives.ts'
import { ListedPart, uploadInAddress } from '../shapes/upload.ts'

const ListedUpload = structure({
  Key: StringValue,
  UploadId: StringValue,
  Initiator: Owner,
  Owner,
  StorageClass: StringValue,
  Initiated: IsoSecond,
  ChecksumAlgorithm,
  ChecksumType,
})

/** Lists the uploads that are under way. */
export const listMultipartUploads = operation('ListMultipartUploads', {
  http: { method: 'GET', target: 'bucket', query: 'uploads' },
  rights: [right('s3:ListBucketMultipartUploads', 'bucket')],
  input: structure({
    ...listingArguments,
    KeyMarker: inQuery('key-marker', StringValue),
    MaxUploads: inQuery('max-uploads', integer({ min: 0 })),
    UploadIdMarker: inQuery('upload-id-marker', StringValue),
  }),
  output: structure(
    {
      Bucket: StringValue,
      KeyMarker: StringValue,
      UploadIdMarker: StringValue,
      NextKeyMarker: StringValue,
      NextUploadIdMarker: StringValue,
      Delimiter: StringValue,
      Prefix: StringValue,
      EncodingType: StringValue,
      MaxUploads: IntegerValue,
      IsTruncated: BooleanValue,
      Uploads: repeated('Upload', list(ListedUpload, { isFlattened: true })),
      CommonPrefixes: repeated('CommonPrefixes', CommonPrefixes),
    },
    { name: 'ListMultipartUploadsResult' },
  ),
  errors: [],
})

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
