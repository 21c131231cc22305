import { list, string, structure } from '../../shape.ts'

/** The key of a tag. */
const TagKey = string({ name: 'TagKey' })

/** The value of a tag; may be absent. */
const TagValue = string({ name: 'TagValue' })

/** A tag of a resource. */
const Tag = structure(
  { key: TagKey, value: TagValue },
  { name: 'Tag', doc: 'A key and, if wanted, a value.' },
)

/** Tags of a resource; no key twice. */
export const TagList = list(Tag, { name: 'TagList' })

/** Keys of the tags to take away. */
export const TagKeyList = list(TagKey, { name: 'TagKeyList' })
