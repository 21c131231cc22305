import type { Version } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { accountKey, accountNameKey, accountsRange } from '../keyspace.ts'
import { accountCodec } from '../records/account.ts'
import type { AccountRecord } from '../records/account.ts'
import { isAccountId } from './account-name.ts'

interface StoredAccount {
  readonly record: AccountRecord
  readonly version: Version
}

const ACCOUNTS_MAX = 10_000

/** All accounts by ascending id, at most 10,000. */
export async function listAccounts(context: ServiceContext): Promise<AccountRecord[]> {
  const entries = await context.metadata.scan({ ...accountsRange(), limit: ACCOUNTS_MAX })
  return entries.map(({ value }) => accountCodec.decode(value))
}

/** The account of that name or id. Throws `NoSuchAccount`. */
export async function findAccount(context: ServiceContext, nameOrId: string): Promise<StoredAccount> {
  let accountId = nameOrId
  if (!isAccountId(nameOrId)) {
    const [name] = await context.metadata.getMany([accountNameKey(nameOrId)])
    if (!name) throw new DomainError('NoSuchAccount', { account: nameOrId })
    accountId = name.value.toString()
  }
  const [entry] = await context.metadata.getMany([accountKey(accountId)])
  if (!entry) throw new DomainError('NoSuchAccount', { account: nameOrId })
  return { record: accountCodec.decode(entry.value), version: entry.version }
}
