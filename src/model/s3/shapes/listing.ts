import { enumeration, list, structure } from '../../shape.ts'
import { repeated } from '../bindings.ts'
import { ChecksumAlgorithm, ChecksumType } from './checksum.ts'
import { Owner } from './owner.ts'
import { IsoSecond, LongValue, StringValue } from './primitives.ts'

/** The most that one page of a listing has, and one batch names; who asks for more gets as many. */
export const PAGE_MAX = 1_000

/** How keys are written in a listing; `url` for keys that XML cannot hold. */
export const EncodingType = enumeration(['url'])

/** What a listing may tell beyond the usual: an object is never being restored here, so asking for it changes nothing. */
export const OptionalObjectAttributes = enumeration(['RestoreStatus'])

/** What keys up to the delimiter have in common, each once. */
export const CommonPrefixes = list(structure({ Prefix: StringValue }), { isFlattened: true })

/** An object in a listing; its size in bytes. */
const ListedObject = structure(
  {
    Key: StringValue,
    LastModified: IsoSecond,
    ETag: StringValue,
    ChecksumAlgorithm: repeated('ChecksumAlgorithm', list(ChecksumAlgorithm, { isFlattened: true })),
    ChecksumType,
    Size: LongValue,
    Owner,
    StorageClass: StringValue,
  },
  { name: 'Contents' },
)

/** The objects of one page, in the order of their keys. */
export const ListedObjects = list(ListedObject, { isFlattened: true })
