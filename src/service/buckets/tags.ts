import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { newOperationRecord } from '../operation-records/new-operation-record.ts'
import type { OperationRecord } from '../records/operation.ts'
import { checkEachTag, checkTagCount } from '../tags/check-tags.ts'
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
  checkEachTag(added)
  const merged = new Map(current.map((tag) => [tag.key, tag]))
  for (const { key, value } of added) merged.set(key, value === undefined ? { key } : { key, value })
  checkTagCount(merged.size, 'bucket')
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
