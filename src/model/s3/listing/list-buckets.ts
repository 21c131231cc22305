import { operation } from '../../operation.ts'
import { integer, list, string, structure } from '../../shape.ts'
import { inQuery } from '../bindings.ts'
import { right } from '../right.ts'
import { Owner } from '../shapes/owner.ts'
import { IsoSecond, StringValue } from '../shapes/primitives.ts'

const Buckets = list(
  structure({
    Name: StringValue,
    CreationDate: IsoSecond,
    BucketRegion: StringValue,
    BucketArn: StringValue,
  }),
  { memberName: 'Bucket' },
)

/** The most buckets of a page, and as many as one has that asks for no number. */
export const BUCKETS_PAGE_MAX = 10_000

/** Lists the caller's buckets; to a bucket key its own. */
export const listBuckets = operation('ListBuckets', {
  http: { method: 'GET', target: 'service' },
  rights: [right('s3:ListAllMyBuckets', 'service')],
  input: structure({
    MaxBuckets: inQuery('max-buckets', integer({ min: 1, max: BUCKETS_PAGE_MAX })),
    ContinuationToken: inQuery('continuation-token', string({ lengthMax: 1024 })),
    Prefix: inQuery('prefix', StringValue),
    BucketRegion: inQuery('bucket-region', StringValue),
  }),
  output: structure(
    { Owner, Buckets, ContinuationToken: StringValue, Prefix: StringValue },
    { name: 'ListAllMyBucketsResult' },
  ),
  errors: [],
})
