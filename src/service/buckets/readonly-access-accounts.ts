import { isAccountId } from '../accounts/account-name.ts'
import { DomainError } from '../errors/domain-error.ts'

/**
 * The list as it is stored, each account once. The model bounds its length. An account need not exist on this server: Amazon takes any
 * account id, and so do tools that move a configuration here. Throws `InvalidReadonlyAccount`.
 */
export function checkReadonlyAccessAccounts(accountIds: readonly string[]): string[] {
  for (const accountId of accountIds) {
    if (isAccountId(accountId)) continue
    throw new DomainError('InvalidReadonlyAccount', { accountId })
  }
  return [...new Set(accountIds)]
}
