import { operation } from '../../operation.ts'
import { integer, list, structure } from '../../shape.ts'
import { inHeader, inQuery, repeated } from '../bindings.ts'
import { right } from '../right.ts'
import { ChecksumAlgorithm, ChecksumType } from '../shapes/checksum.ts'
import { CommonPrefixes, EncodingType, OptionalObjectAttributes } from '../shapes/listing.ts'
import { Owner } from '../shapes/owner.ts'
import {
  BooleanValue,
  bucketInAddress,
  IntegerValue,
  IsoSecond,
  LongValue,
  StringValue,
} from '../shapes/primitives.ts'

const Version = structure({
  Key: StringValue,
  VersionId: StringValue,
  IsLatest: BooleanValue,
  LastModified: IsoSecond,
  ETag: StringValue,
  ChecksumAlgorithm: repeated('ChecksumAlgorithm', list(ChecksumAlgorithm, { isFlattened: true })),
  ChecksumType,
  Size: LongValue,
  Owner,
  StorageClass: StringValue,
})

const DeleteMarker = structure({
  Key: StringValue,
  VersionId: StringValue,
  IsLatest: BooleanValue,
  LastModified: IsoSecond,
  Owner,
})

/** One of the two: clients of the API see them as two lists, and some keep the order of the document. */
const Entry = structure({ Version, DeleteMarker }, { isBare: true })

/** Lists versions and delete markers, the newest of a key first. */
export const listObjectVersions = operation('ListObjectVersions', {
  http: { method: 'GET', target: 'bucket', query: 'versions' },
  rights: [right('s3:ListBucketVersions', 'bucket')],
  input: structure({
    ...bucketInAddress,
    Delimiter: inQuery('delimiter', StringValue),
    EncodingType: inQuery('encoding-type', EncodingType),
    KeyMarker: inQuery('key-marker', StringValue),
    MaxKeys: inQuery('max-keys', integer({ min: 0 })),
    Prefix: inQuery('prefix', StringValue),
    VersionIdMarker: inQuery('version-id-marker', StringValue),
    OptionalObjectAttributes: inHeader('x-amz-optional-object-attributes', OptionalObjectAttributes),
  }),
  output: structure(
    {
      Name: StringValue,
      Prefix: StringValue,
      KeyMarker: StringValue,
      VersionIdMarker: StringValue,
      NextKeyMarker: StringValue,
      NextVersionIdMarker: StringValue,
      MaxKeys: IntegerValue,
      Delimiter: StringValue,
      EncodingType: StringValue,
      IsTruncated: BooleanValue,
      Entries: list(Entry, { isFlattened: true }),
      CommonPrefixes: repeated('CommonPrefixes', CommonPrefixes),
    },
    { name: 'ListVersionsResult' },
  ),
  errors: [],
})
