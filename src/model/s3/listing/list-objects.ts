import { operation } from '../../operation.ts'
import { integer, structure } from '../../shape.ts'
import { inHeader, inQuery, repeated } from '../bindings.ts'
import { right } from '../right.ts'
import { CommonPrefixes, EncodingType, ListedObjects, OptionalObjectAttributes } from '../shapes/listing.ts'
import { BooleanValue, bucketInAddress, IntegerValue, StringValue } from '../shapes/primitives.ts'

/** Lists objects; goes on by an opaque token. */
export const listObjectsV2 = operation('ListObjectsV2', {
  http: { method: 'GET', target: 'bucket', query: 'list-type=2' },
  rights: [right('s3:ListBucket', 'bucket')],
  input: structure({
    ...bucketInAddress,
    Delimiter: inQuery('delimiter', StringValue),
    EncodingType: inQuery('encoding-type', EncodingType),
    MaxKeys: inQuery('max-keys', integer({ min: 0 })),
    Prefix: inQuery('prefix', StringValue),
    ContinuationToken: inQuery('continuation-token', StringValue),
    FetchOwner: inQuery('fetch-owner', BooleanValue),
    StartAfter: inQuery('start-after', StringValue),
    OptionalObjectAttributes: inHeader('x-amz-optional-object-attributes', OptionalObjectAttributes),
  }),
  output: structure(
    {
      Name: StringValue,
      Prefix: StringValue,
      StartAfter: StringValue,
      ContinuationToken: StringValue,
      NextContinuationToken: StringValue,
      KeyCount: IntegerValue,
      MaxKeys: IntegerValue,
      Delimiter: StringValue,
      EncodingType: StringValue,
      IsTruncated: BooleanValue,
      Contents: repeated('Contents', ListedObjects),
      CommonPrefixes: repeated('CommonPrefixes', CommonPrefixes),
    },
    { name: 'ListBucketResult' },
  ),
  errors: [],
})

/** Lists objects; goes on after a key. */
export const listObjects = operation('ListObjects', {
  http: { method: 'GET', target: 'bucket' },
  rights: [right('s3:ListBucket', 'bucket')],
  input: structure({
    ...bucketInAddress,
    Delimiter: inQuery('delimiter', StringValue),
    EncodingType: inQuery('encoding-type', EncodingType),
    Marker: inQuery('marker', StringValue),
    MaxKeys: inQuery('max-keys', integer({ min: 0 })),
    Prefix: inQuery('prefix', StringValue),
    OptionalObjectAttributes: inHeader('x-amz-optional-object-attributes', OptionalObjectAttributes),
  }),
  output: structure(
    {
      Name: StringValue,
      Prefix: StringValue,
      Marker: StringValue,
      NextMarker: StringValue,
      MaxKeys: IntegerValue,
      Delimiter: StringValue,
      EncodingType: StringValue,
      IsTruncated: BooleanValue,
      Contents: repeated('Contents', ListedObjects),
      CommonPrefixes: repeated('CommonPrefixes', CommonPrefixes),
    },
    { name: 'ListBucketResult' },
  ),
  errors: [],
})
