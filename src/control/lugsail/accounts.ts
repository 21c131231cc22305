import { DAY_SECONDS } from '../../base/milliseconds.ts'
import type { createAccount as createAccountOperation } from '../../model/lugsail/create-account.ts'
import type { deleteAccount as deleteAccountOperation } from '../../model/lugsail/delete-account.ts'
import type { getAccounts as getAccountsOperation } from '../../model/lugsail/get-accounts.ts'
import type { retireAccountKey as retireAccountKeyOperation } from '../../model/lugsail/retire-account-key.ts'
import type { rotateAccountKey as rotateAccountKeyOperation } from '../../model/lugsail/rotate-account-key.ts'
import { createAccount } from '../../service/accounts/create-account.ts'
import { deleteAccount } from '../../service/accounts/delete-account.ts'
import { findAccount, listAccountPage } from '../../service/accounts/read-accounts.ts'
import { retireRootKey, rotateRootKey } from '../../service/accounts/rotate-root-key.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentAccount } from './present-account.ts'

/** The old root key's time, in seconds, where none is asked for: a response that is lost on its way locks nobody out. */
const RETIRE_SECONDS_DEFAULT = DAY_SECONDS

/** Makes an account. Throws `InvalidInputException` when the name is taken. */
export const handleCreateAccount: OperationHandler<typeof createAccountOperation> = async (
  { service, caller },
  { accountName },
) => {
  const { account, rootKey } = await createAccount(service, accountName, caller)
  return { account: presentAccount(account, service.clock.now()), rootKey }
}

/** Shows the accounts, a page of them. */
export const handleGetAccounts: OperationHandler<typeof getAccountsOperation> = async (
  { service },
  { pageToken },
) => {
  const { accounts, nextPageToken } = await listAccountPage(service, pageToken)
  return {
    accounts: accounts.map((record) => presentAccount(record, service.clock.now())),
    nextPageToken,
  }
}

/** Gives an account a new root key. Throws `NotFoundException`. */
export const handleRotateAccountKey: OperationHandler<typeof rotateAccountKeyOperation> = async (
  { service, caller },
  { accountName, retireInSeconds = RETIRE_SECONDS_DEFAULT },
) => {
  const { account, pair } = await rotateRootKey(service, accountName, { retireInSeconds }, caller)
  return { account: presentAccount(account, service.clock.now()), rootKey: pair }
}

/** Stops one of two root keys. Throws `NotFoundException`, and `InvalidInputException` for the only one. */
export const handleRetireAccountKey: OperationHandler<typeof retireAccountKeyOperation> = async (
  { service, caller },
  { accountName, accessKeyId },
) => ({
  account: presentAccount(
    await retireRootKey(service, accountName, accessKeyId, caller),
    service.clock.now(),
  ),
})

/** Deletes an account. Throws `NotFoundException`, and `InvalidInputException` for the first account and one that owns buckets. */
export const handleDeleteAccount: OperationHandler<typeof deleteAccountOperation> = async (
  { service, caller },
  { accountName },
) => {
  const { record } = await findAccount(service, accountName)
  await deleteAccount(service, record.accountId, caller)
  return { account: presentAccount(record, service.clock.now()) }
}
