import { operation } from '../operation.ts'
import { integer, list, structure } from '../shape.ts'
import { inQuery, repeated } from './bindings.ts'
import { right } from './right.ts'
import { ChecksumAlgorithm, ChecksumType } from './shapes/checksum.ts'
import { CommonPrefixes, EncodingType } from './shapes/listing.ts'
import { Owner } from './shapes/owner.ts'
import { BooleanValue, bucketInAddress, IntegerValue, IsoSecond, StringValue } from './shapes/primitives.ts'

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
    ...bucketInAddress,
    Delimiter: inQuery('delimiter', StringValue),
    EncodingType: inQuery('encoding-type', EncodingType),
    KeyMarker: inQuery('key-marker', StringValue),
    MaxUploads: inQuery('max-uploads', integer({ min: 0 })),
    Prefix: inQuery('prefix', StringValue),
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
  errors: ['NoSuchBucket'],
})
