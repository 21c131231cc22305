import type { ServiceContext } from '../service/context.ts'

/** How S3 shows an account. */
interface CanonicalUser {
  readonly ID: string
  readonly DisplayName: string
}

/** What S3 calls an account; one that is gone shows its account id. */
export async function canonicalUserOf(context: ServiceContext, accountId: string): Promise<CanonicalUser> {
  const owner = await context.accountOwners.read(accountId)
  return owner
    ? { ID: owner.canonicalUserId, DisplayName: owner.name }
    : { ID: accountId, DisplayName: accountId }
}

/** What S3 calls these accounts, by account id. */
export async function canonicalUsersOf(
  context: ServiceContext,
  accountIds: Iterable<string>,
): Promise<ReadonlyMap<string, CanonicalUser>> {
  const users = new Map<string, CanonicalUser>()
  for (const accountId of accountIds)
    if (!users.has(accountId)) users.set(accountId, await canonicalUserOf(context, accountId))
  return users
}
