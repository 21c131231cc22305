import { readKeySlots } from '../buckets/remove-bucket.ts'
import type { ServiceContext } from '../context.ts'
import { credentialKey } from '../keyspace.ts'
import { credentialCodec, type BucketCredential } from '../records/credential.ts'

/** What has an id among the application keys of an account and those of its buckets. */
type KeyOfId =
  | { readonly type: 'application-key'; readonly name: string }
  /** `predecessor`: the key that was rotated for it, while that is there. */
  | {
      readonly type: 'bucket-key'
      readonly record: BucketCredential
      readonly predecessor: BucketCredential | null
    }

/** Finds an application key of the account, or a key of one of its buckets, by its id; null: there is none. */
export async function findKeyOfId(
  context: ServiceContext,
  accountId: string,
  accessKeyId: string,
): Promise<KeyOfId | null> {
  const [entry] = await context.metadata.getMany([credentialKey(accessKeyId)])
  const record = entry ? credentialCodec.decode(entry.value) : null
  if (record?.accountId !== accountId) return null
  if (record.type === 'application-key') return { type: 'application-key', name: record.name }
  if (record.type !== 'bucket-key') return null
  const { accessKeyIds } = await readKeySlots(context, record.bucketId)
  const others = accessKeyIds.filter((id) => id !== accessKeyId).map(credentialKey)
  const [other = null] = others.length === 0 ? [] : await context.metadata.getMany(others)
  const before = other ? credentialCodec.decode(other.value) : null
  const isBefore = before?.type === 'bucket-key' && before.retirement?.successorId === accessKeyId
  return { type: 'bucket-key', record, predecessor: isBefore ? before : null }
}
