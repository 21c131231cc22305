import type { TagSet } from '../../model/s3/shapes/tag.ts'
import type { ValueOf } from '../../model/shape.ts'
import type { ObjectTag } from '../../service/records/object.ts'

/** The tags of a document, which has a list of them or none; nothing of them is checked yet. */
export const givenTags = (tagSet: ValueOf<typeof TagSet> | undefined = []): readonly ObjectTag[] =>
  tagSet.map(({ Key, Value }) => ({ key: Key, value: Value }))
