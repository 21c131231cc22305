import { list, required, string, structure } from '../../shape.ts'

/** A tag of an object or a bucket. */
export const Tag = structure(
  { Key: required(string({ lengthMin: 1, lengthMax: 128 })), Value: required(string({ lengthMax: 256 })) },
  { name: 'Tag' },
)

/** Tags; no key twice. */
export const TagSet = list(Tag, { memberName: 'Tag' })

/** The tags as a document. */
export const Tagging = structure({ TagSet: required(TagSet) }, { name: 'Tagging' })
