import { isAccountId } from '../accounts/account-name.ts'
import { ServiceError } from '../errors.ts'

/**
 * The list as it is stored, each account once. The model bounds its length. An account need not exist on this server: Amazon takes any
 * account id, and so do tools that move a configuration here. Throws `InvalidInputException`.
 */
export function checkReadonlyAccessAccounts(accountIds: readonly string[]): string[] {
  for (const accountId of accountIds) {
    if (isAccountId(accountId)) continue
    throw new ServiceError(
      'InvalidInputException',
      `readonlyAccessAccounts takes account ids of 12 digits; got ${JSON.stringify(accountId.slice(0, 100))}`,
    )
  }
  return [...new Set(accountIds)]
}
