import { list, string, structure } from '../../shape.ts'

export const TagKey = string({ name: 'TagKey' })

export const TagValue = string({ name: 'TagValue' })

export const Tag = structure(
  { key: TagKey, value: TagValue },
  { name: 'Tag', doc: 'A key and, if wanted, a value.' },
)

export const TagList = list(Tag, { name: 'TagList' })

export const TagKeyList = list(TagKey, { name: 'TagKeyList' })
