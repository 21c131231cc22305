import { operation } from '../../operation.ts'
import { structure } from '../../shape.ts'
import { inQuery } from '../bindings.ts'
import { right } from '../right.ts'
import { keyListingArguments, objectsOfPage } from '../shapes/listing.ts'
import { BooleanValue, IntegerValue, StringValue } from '../shapes/primitives.ts'

/** Lists objects; goes on by an opaque token. */
export const listObjectsV2 = operation('ListObjectsV2', {
  http: { method: 'GET', target: 'bucket', query: 'list-type=2' },
  rights: [right('s3:ListBucket', 'bucket')],
  input: structure({
    ...keyListingArguments,
    ContinuationToken: inQuery('continuation-token', StringValue),
    FetchOwner: inQuery('fetch-owner', BooleanValue),
    StartAfter: inQuery('start-after', StringValue),
  }),
  output: structure(
    {
      Name: StringValue,
      Prefix: StringValue,
      StartAfter: StringValue,
      ContinuationToken: StringValue,
      NextContinuationToken: StringValue,
      KeyCount: IntegerValue,
      ...objectsOfPage,
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
    ...keyListingArguments,
    Marker: inQuery('marker', StringValue),
  }),
  output: structure(
    {
      Name: StringValue,
      Prefix: StringValue,
      Marker: StringValue,
      NextMarker: StringValue,
      ...objectsOfPage,
    },
    { name: 'ListBucketResult' },
  ),
  errors: [],
})
