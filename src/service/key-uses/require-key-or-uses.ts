import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { credentialKey } from '../keyspace.ts'
import { credentialCodec } from '../records/credential.ts'
import { readKeyUses } from './read-key-uses.ts'

/** Throws `NoSuchKeyId` unless the account has a key of the id, or had one that was used. */
export async function requireKeyOrUses(
  context: ServiceContext,
  accountId: string,
  accessKeyId: string,
): Promise<void> {
  const [entry] = await context.metadata.getMany([credentialKey(accessKeyId)])
  if (entry && credentialCodec.decode(entry.value).accountId === accountId) return
  const { uses } = await readKeyUses(context, { accountId, accessKeyIds: [accessKeyId] })
  if (uses.length === 0) throw new DomainError('NoSuchKeyId', { accessKeyId })
}
