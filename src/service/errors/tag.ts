/** What is wrong with one tag. */
export type TagProblem = 'key-length' | 'key-text' | 'reserved' | 'repeated' | 'value-length' | 'value-text'

/** Of tags of buckets and objects. */
export interface TagErrors {
  /** `tagKey`: undefined, where the tag has none. `tagValue`: where it is at fault. `length`: of what is too long. */
  InvalidTag: {
    readonly problem: TagProblem
    readonly tagKey: string | undefined
    readonly tagValue?: string
    readonly length?: number
  }
  TooManyTags: { readonly of: 'bucket' | 'object'; readonly count: number; readonly countMax: number }
}
