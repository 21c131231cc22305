import { createAccount } from '../../service/accounts/create-account.ts'
import { FIRST_ACCOUNT_NAME } from '../../service/accounts/first-account.ts'
import { listAccounts } from '../../service/accounts/read-accounts.ts'
import type { AccessKeyPair } from '../../service/credentials/mint-access-key.ts'
import { isDomainError } from '../../service/errors/domain-error.ts'
import type { ServiceContext } from '../../service/context.ts'
import type { AccountRecord } from '../../service/records/account.ts'
import { UnreadableRecord } from '../../storage/metadata-store.ts'
import { startError } from '../configuration/errors.ts'
import type { OpenStore } from './open-store.ts'
import { writeCredentialsFile } from './credentials-file.ts'

/** An account that was just made, with the key pair that is shown this once. */
export interface FirstAccount {
  readonly account: AccountRecord
  readonly rootKey: AccessKeyPair
}

/**
 * Makes the first account of a new store, after its root key pair was written into the data folder and synced: whatever happens in between, there is no account
 * whose secret nobody knows. A pair that was left there by a start that ended before its account came to be is replaced. Null when there is an account already.
 * Throws ConfigurationError or StartFailure when the pair cannot be kept. `note` hears of either.
 */
export async function ensureFirstAccount(
  { context, folder, mark }: OpenStore,
  content: { readonly region: string; readonly endpointUrl: string },
  note: (first: FirstAccount, failure?: { readonly error: unknown }) => Promise<void>,
): Promise<FirstAccount | null> {
  if (await hasAccounts(context)) return null
  const tried: { made?: FirstAccount } = {}
  let first: FirstAccount
  const keep = (made: FirstAccount): void => {
    tried.made = made
    keepRootKey(folder.credentials, { ...made.rootKey, ...content, store: mark })
  }
  try {
    first = await createAccount(context, FIRST_ACCOUNT_NAME, {}, keep)
  } catch (error) {
    // Another process that shares the store was first; its data folder has the key.
    if (isDomainError(error, 'AccountExists')) return null
    if (tried.made) await note(tried.made, { error })
    throw error
  }
  await note(first)
  return first
}

/** A store of which the accounts cannot be read has some: they were made with it. */
async function hasAccounts(context: ServiceContext): Promise<boolean> {
  try {
    return (await listAccounts(context)).length > 0
  } catch (error) {
    if (error instanceof UnreadableRecord) return true
    throw error
  }
}

function keepRootKey(path: string, content: Parameters<typeof writeCredentialsFile>[2]): void {
  try {
    writeCredentialsFile(path, FIRST_ACCOUNT_NAME, content)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw startError(
      `data: the root key pair of the first account cannot be written to ${path}: ${reason}`,
      error,
    )
  }
}
