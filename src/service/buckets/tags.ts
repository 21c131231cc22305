import {
  isReservedTagKey,
  TAG_KEY_LENGTH_MAX,
  TAG_TEXT,
  TAG_VALUE_LENGTH_MAX,
  TAGS_PER_BUCKET_MAX,
} from '../../model/s3/shapes/tag.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { TagProblem } from '../errors/tag.ts'
import { newOperationRecord } from '../operation-records/new-operation-record.ts'
import type { OperationRecord } from '../records/operation.ts'
import { bucketArn } from './bucket-address.ts'
import { changeBucket } from './change-bucket.ts'

/** A tag as the API gives it; nothing of it is checked yet. */
export interface BucketTag {
  readonly key?: string | undefined
  readonly value?: string | undefined
}

type StoredTag = { readonly key: string; readonly value?: string }

/** The tags of a resource and its ARN, where the request gives that too. */
interface TaggedResource {
  readonly resourceName: string
  readonly resourceArn?: string | undefined
}

/** Adds tags; a key that is there gets the new value. Throws `NoSuchBucket`, `ResourceArnMismatch`, `InvalidTag` and `TooManyTags`. */
export async function tagResource(
  context: ServiceContext,
  caller: Caller,
  resource: TaggedResource,
  tags: readonly BucketTag[],
): Promise<OperationRecord> {
  return await changeTags(context, caller, resource, (current) => mergeTags(current, tags))
}

/** Removes tags by their keys; a key that is not there is no error. Throws `NoSuchBucket`, `ResourceArnMismatch`, `InvalidTag` and `TooManyTags`. */
export async function untagResource(
  context: ServiceContext,
  caller: Caller,
  resource: TaggedResource,
  tagKeys: readonly string[],
): Promise<OperationRecord> {
  return await changeTags(context, caller, resource, (current) =>
    current.filter(({ key }) => !tagKeys.includes(key)),
  )
}

/** `current` with `added` over it. Throws `InvalidTag` and `TooManyTags`. */
export function mergeTags(current: readonly StoredTag[], added: readonly BucketTag[]): StoredTag[] {
  const merged = new Map(current.map((tag) => [tag.key, tag]))
  const seen = new Set<string>()
  for (const tag of added) {
    const checked = checkTag(tag)
    if (seen.has(checked.key)) throw invalid('repeated', checked.key)
    seen.add(checked.key)
    merged.set(checked.key, checked)
  }
  if (merged.size > TAGS_PER_BUCKET_MAX) {
    throw new DomainError('TooManyTags', {
      of: 'bucket',
      count: merged.size,
      countMax: TAGS_PER_BUCKET_MAX,
    })
  }
  return [...merged.values()]
}

/** The API has no operation type of its own for tags; the record says what was done in its details. */
async function changeTags(
  context: ServiceContext,
  caller: Caller,
  { resourceName, resourceArn }: TaggedResource,
  change: (current: readonly StoredTag[]) => StoredTag[],
): Promise<OperationRecord> {
  const { operation } = await changeBucket(context, caller, resourceName, (record) => {
    if (resourceArn !== undefined && resourceArn !== bucketArn(record)) {
      throw new DomainError('ResourceArnMismatch', { resourceName })
    }
    return {
      record: { ...record, tags: change(record.tags) },
      operation: newOperationRecord(context, caller, resourceName, 'UpdateBucket', 'tags'),
    }
  })
  return operation
}

function checkTag({ key, value }: BucketTag): StoredTag {
  if (key === undefined || key === '' || key.length > TAG_KEY_LENGTH_MAX) {
    throw invalid('key-length', key, key?.length)
  }
  if (!TAG_TEXT.test(key)) throw invalid('key-text', key)
  if (isReservedTagKey(key)) throw invalid('reserved', key)
  if (value === undefined) return { key }
  if (value.length > TAG_VALUE_LENGTH_MAX) throw invalid('value-length', key, value.length)
  if (!TAG_TEXT.test(value)) throw invalid('value-text', key)
  return { key, value }
}

function invalid(problem: TagProblem, tagKey: string | undefined, length?: number): DomainError {
  return new DomainError('InvalidTag', { problem, tagKey, ...(length !== undefined && { length }) })
}
