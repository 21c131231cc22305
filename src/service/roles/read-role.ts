import type { ServiceContext } from '../context.ts'
import type { StoredRole } from '../credentials/access-cache.ts'
import { DomainError } from '../errors/domain-error.ts'
import { roleKey } from '../keyspace.ts'

/** Reads a role of an account. Throws `NoSuchRole`. */
export async function readRole(
  context: ServiceContext,
  accountId: string,
  name: string,
): Promise<StoredRole> {
  const [entry] = await context.metadata.getMany([roleKey(accountId, name)])
  if (!entry) throw new DomainError('NoSuchRole', { roleName: name })
  return context.accessCache.role(entry)
}
