import { list, required, string, structure } from '../../shape.ts'

/** Characters of a tag's key: one to so many. */
export const TAG_KEY_LENGTH_MAX = 128

/** Characters of a tag's value: none to so many. */
export const TAG_VALUE_LENGTH_MAX = 256

/** The most tags that an object has. */
export const TAGS_PER_OBJECT_MAX = 10

/** The most tags that a bucket has, whichever API gives them. */
export const TAGS_PER_BUCKET_MAX = 50

/** What keys and values of tags are made of. */
export const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** Whether a key is kept for AWS's own tags: `aws:`, in capitals or not. */
export const isReservedTagKey = (key: string): boolean => key.toLowerCase().startsWith('aws:')

/** A tag of an object or a bucket. */
export const Tag = structure(
  {
    Key: required(string({ lengthMin: 1, lengthMax: TAG_KEY_LENGTH_MAX })),
    Value: required(string({ lengthMax: TAG_VALUE_LENGTH_MAX })),
  },
  { name: 'Tag' },
)

/** Tags; no key twice. */
export const TagSet = list(Tag, { memberName: 'Tag' })

/** The tags as a document; one without a list of them has none. */
export const Tagging = structure({ TagSet }, { name: 'Tagging' })
