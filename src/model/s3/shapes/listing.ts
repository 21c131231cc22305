import { enumeration, integer, list, structure } from '../../shape.ts'
import { inHeader, inQuery, repeated } from '../bindings.ts'
import { ChecksumAlgorithm, ChecksumType } from './checksum.ts'
import { Owner } from './owner.ts'
import {
  BooleanValue,
  bucketInAddress,
  IntegerValue,
  IsoSecond,
  LongValue,
  StringValue,
} from './primitives.ts'

/** The most that one page of a listing has, and one batch names; who asks for more gets as many. */
export const PAGE_MAX = 1_000

/** How many entries a page has that asks for `wanted`; undefined: as many as there can be. */
export const pageEntries = (wanted: number | undefined): number => Math.min(wanted ?? PAGE_MAX, PAGE_MAX)

/** How keys are written in a listing; `url` for keys that XML cannot hold. */
const EncodingType = enumeration(['url'], {
  wrongValueMessage: 'Invalid Encoding Method specified in Request',
})

/** What a listing may tell beyond the usual: an object is never being restored here, so asking for it changes nothing. */
const OptionalObjectAttributes = enumeration(['RestoreStatus'])

/** What keys up to the delimiter have in common, each once. */
export const CommonPrefixes = list(structure({ Prefix: StringValue }), { isFlattened: true })

/** What a listing tells of an object or a version; its size in bytes. */
export const listedContent = {
  LastModified: IsoSecond,
  ETag: StringValue,
  ChecksumAlgorithm: repeated('ChecksumAlgorithm', list(ChecksumAlgorithm, { isFlattened: true })),
  ChecksumType,
  Size: LongValue,
  Owner,
  StorageClass: StringValue,
}

/** What a listing may be asked for, besides where it goes on and how much of it. */
export const listingArguments = {
  ...bucketInAddress,
  Delimiter: inQuery('delimiter', StringValue),
  EncodingType: inQuery('encoding-type', EncodingType),
  Prefix: inQuery('prefix', StringValue),
}

/** As {@link listingArguments}, of objects or versions. */
export const keyListingArguments = {
  ...listingArguments,
  MaxKeys: inQuery('max-keys', integer({ min: 0 })),
  OptionalObjectAttributes: inHeader('x-amz-optional-object-attributes', OptionalObjectAttributes),
}

const ListedObject = structure({ Key: StringValue, ...listedContent }, { name: 'Contents' })

/** What a listing of objects shows behind where it begins and goes on: the objects in the order of their keys. */
export const objectsOfPage = {
  MaxKeys: IntegerValue,
  Delimiter: StringValue,
  EncodingType: StringValue,
  IsTruncated: BooleanValue,
  Contents: repeated('Contents', list(ListedObject, { isFlattened: true })),
  CommonPrefixes: repeated('CommonPrefixes', CommonPrefixes),
}
