import { getOwnBucket } from '../buckets/own-bucket.ts'
import { readKeySlots } from '../buckets/remove-bucket.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { refusalOf } from '../credentials/refused-key.ts'
import { credentialKey } from '../keyspace.ts'
import { credentialCodec } from '../records/credential.ts'
import type { AccessKey } from './access-key.ts'

/** The bucket's access keys, oldest first, with their last use as far as this server knows. Throws `NoSuchBucket`. */
export async function listAccessKeys(
  context: ServiceContext,
  caller: Caller,
  bucketName: string,
): Promise<AccessKey[]> {
  const { record } = await getOwnBucket(context, caller, bucketName)
  const { accessKeyIds } = await readKeySlots(context, record.bucketId)
  if (accessKeyIds.length === 0) return []
  const entries = await context.metadata.getMany(accessKeyIds.map(credentialKey))
  const lastUses = await context.accessKeyUses.read(accessKeyIds)
  return entries
    .flatMap((entry) => (entry ? [credentialCodec.decode(entry.value)] : []))
    .map((record) => ({ ...record, isStopped: refusalOf(record, context.clock.now()) !== null }))
    .map(({ accessKeyId, isStopped, createdAt }) => ({
      accessKeyId,
      status: isStopped ? ('Inactive' as const) : ('Active' as const),
      createdAt,
      lastUsed: lastUses.get(accessKeyId) ?? null,
    }))
    .sort((left, right) => left.createdAt - right.createdAt)
}
