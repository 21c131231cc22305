import { ACCOUNT_ID, ACCOUNT_NAME } from '../../model/lugsail/name-forms.ts'
import { DomainError } from '../errors/domain-error.ts'

/** Throws `InvalidAccountName` for a name that an account may not have; one that looks like an account id would be ambiguous. */
export function checkAccountName(name: string): void {
  if (!ACCOUNT_NAME.test(name) || ACCOUNT_ID.test(name)) {
    throw new DomainError('InvalidAccountName', { accountName: name })
  }
}

/** Whether a text has the form of an account id: 12 digits. */
export function isAccountId(text: string): boolean {
  return ACCOUNT_ID.test(text)
}
