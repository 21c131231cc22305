import { createAccount } from '../../service/accounts/create-account.ts'
import { listAccounts } from '../../service/accounts/read-accounts.ts'
import type { AccessKeyPair } from '../../service/credentials/mint-access-key.ts'
import { ServiceError } from '../../service/errors.ts'
import type { AccountRecord } from '../../service/records/account.ts'
import type { OpenStore } from './open-store.ts'
import { writeCredentialsFile } from './credentials-file.ts'

/** The account that the first start of a store makes; commands mean it when they are told of none. */
export const FIRST_ACCOUNT_NAME = 'default'

/** An account that was just made, with the key pair that is shown this once. */
export interface FirstAccount {
  readonly account: AccountRecord
  readonly rootKey: AccessKeyPair
}

/** Makes the first account of a new store and writes its root key pair into the data folder; null when there is an account already. */
export async function ensureFirstAccount(
  { context, folder }: OpenStore,
  content: { readonly region: string; readonly endpointUrl: string },
): Promise<FirstAccount | null> {
  if ((await listAccounts(context)).length > 0) return null
  try {
    const first = await createAccount(context, FIRST_ACCOUNT_NAME)
    writeCredentialsFile(folder.credentials, FIRST_ACCOUNT_NAME, { ...first.rootKey, ...content })
    return first
  } catch (error) {
    // Another process that shares the store was first; its data folder has the key.
    if (error instanceof ServiceError && error.code === 'InvalidInputException') return null
    throw error
  }
}
