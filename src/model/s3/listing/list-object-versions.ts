import { operation } from '../../operation.ts'
import { list, structure } from '../../shape.ts'
import { inQuery, repeated } from '../bindings.ts'
import { right } from '../right.ts'
import { CommonPrefixes, keyListingArguments, listedContent } from '../shapes/listing.ts'
import { Owner } from '../shapes/owner.ts'
import { BooleanValue, IntegerValue, IsoSecond, StringValue } from '../shapes/primitives.ts'

const Version = structure({
  Key: StringValue,
  VersionId: StringValue,
  IsLatest: BooleanValue,
  ...listedContent,
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
    ...keyListingArguments,
    KeyMarker: inQuery('key-marker', StringValue),
    VersionIdMarker: inQuery('version-id-marker', StringValue),
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
