import { commitRetrying } from '../commit.ts'
import type { ServiceContext } from '../context.ts'
import type { AccessKeyPair } from '../credentials/mint-access-key.ts'
import { newCredential } from '../credentials/new-credential.ts'
import { accountKey, credentialKey, lastUsedKey } from '../keyspace.ts'
import { accountCodec } from '../records/account.ts'
import { findAccount } from './read-accounts.ts'

/**
 * Gives the account a new root key pair; the old one stops at once. `show` gets to see the pair before it counts: when it throws, nothing has
 * changed. Throws `NotFoundException`.
 */
export async function rotateRootKey(
  context: ServiceContext,
  nameOrId: string,
  show: (pair: AccessKeyPair) => void,
): Promise<AccessKeyPair> {
  const { accountId } = (await findAccount(context, nameOrId)).record
  const credential = newCredential(context, { type: 'account', accountId })
  show(credential.pair)
  return commitRetrying(context, `account ${accountId}`, async () => {
    const { record, version } = await findAccount(context, accountId)
    const account = { ...record, accessKeyId: credential.pair.accessKeyId }
    const key = accountKey(accountId)
    return {
      change: {
        checks: [{ key, version }, credential.check],
        sets: [{ key, value: accountCodec.encode(account) }, credential.set],
        deletes: [credentialKey(record.accessKeyId), lastUsedKey(record.accessKeyId)],
      },
      result: credential.pair,
    }
  })
}
