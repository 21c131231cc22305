import { createAccount } from '../../service/accounts/create-account.ts'
import { FIRST_ACCOUNT_NAME } from '../../service/accounts/first-account.ts'
import { deleteAccount } from '../../service/accounts/delete-account.ts'
import { listAccounts } from '../../service/accounts/read-accounts.ts'
import type { ServiceContext } from '../../service/context.ts'
import type { AccessKeyPair } from '../../service/credentials/mint-access-key.ts'
import { isDomainError } from '../../service/errors/domain-error.ts'
import type { AccountRecord } from '../../service/records/account.ts'
import { startError } from '../configuration/errors.ts'
import type { OpenStore } from './open-store.ts'
import { writeCredentialsFile } from './credentials-file.ts'

/** An account that was just made, with the key pair that is shown this once. */
export interface FirstAccount {
  readonly account: AccountRecord
  readonly rootKey: AccessKeyPair
}

/**
 * Makes the first account of a new store and writes its root key pair into the data folder; null when there is an account already. Throws
 * ConfigurationError or StartFailure when the pair cannot be kept; the account is then taken back, since nobody would ever know its secret. `note` hears of either.
 */
export async function ensureFirstAccount(
  { context, folder, mark }: OpenStore,
  content: { readonly region: string; readonly endpointUrl: string },
  note: (first: FirstAccount, failure?: { readonly error: unknown }) => Promise<void>,
): Promise<FirstAccount | null> {
  if ((await listAccounts(context)).length > 0) return null
  const first = await createFirstAccount(context)
  if (first === null) return null
  try {
    writeCredentialsFile(folder.credentials, FIRST_ACCOUNT_NAME, {
      ...first.rootKey,
      ...content,
      store: mark,
    })
  } catch (error) {
    await deleteAccount(context, first.account.accountId)
    await note(first, { error })
    const reason = error instanceof Error ? error.message : String(error)
    throw startError(
      `data: the root key pair of the first account cannot be written to ${folder.credentials}: ${reason}`,
      error,
    )
  }
  await note(first)
  return first
}

/** Null when another process that shares the store was first; its data folder has the key. */
async function createFirstAccount(context: ServiceContext): Promise<FirstAccount | null> {
  try {
    return await createAccount(context, FIRST_ACCOUNT_NAME)
  } catch (error) {
    if (isDomainError(error, 'AccountExists')) return null
    throw error
  }
}
