import { isAccountId } from '../accounts/account-name.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { BucketRecord } from '../records/bucket.ts'

const CANONICAL_ID_LENGTH = 64

/**
 * Clients may say whose bucket they expect at an address or as the source of a copy, by account id or canonical id; several at once are nobody's.
 * Throws `AccessDenied` when it is another's, and `InvalidExpectedOwner` for what is no account's id.
 */
export async function checkExpectedOwner(
  { accountOwners }: Pick<ServiceContext, 'accountOwners'>,
  { accountId }: Pick<BucketRecord, 'accountId'>,
  expected: string | readonly string[] | undefined,
): Promise<void> {
  if (expected === undefined || expected === accountId) return
  // What is as long as a canonical id is compared with one.
  if (typeof expected === 'string' && expected.length < CANONICAL_ID_LENGTH && !isAccountId(expected))
    throw new DomainError('InvalidExpectedOwner', { expected })
  if (expected !== (await accountOwners.canonicalIdOf(accountId))) throw new DomainError('AccessDenied')
}
