import { list, required, string, structure } from '../../shape.ts'

export const Tag = structure(
  { Key: required(string({ lengthMin: 1, lengthMax: 128 })), Value: required(string({ lengthMax: 256 })) },
  { name: 'Tag' },
)
export const TagSet = list(Tag, { memberName: 'Tag' })
export const Tagging = structure({ TagSet: required(TagSet) }, { name: 'Tagging' })
