import { keyAfter } from '../../base/key.ts'
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

/** Keeps a response well below a megabyte. */
const ACCOUNTS_PER_PAGE = 100

/** A page of the accounts by ascending id; `pageToken`: that of the page before, or empty. Throws `InvalidPageToken`. */
export async function listAccountPage(
  context: ServiceContext,
  pageToken = '',
): Promise<{ readonly accounts: readonly AccountRecord[]; readonly nextPageToken?: string }> {
  if (pageToken !== '' && !isAccountId(pageToken)) throw new DomainError('InvalidPageToken')
  const range = accountsRange()
  const start = pageToken === '' ? range.start : keyAfter(accountKey(pageToken))
  const found = await context.metadata.scan({ ...range, start, limit: ACCOUNTS_PER_PAGE + 1 })
  const accounts = found.slice(0, ACCOUNTS_PER_PAGE).map(({ value }) => accountCodec.decode(value))
  const last = accounts.at(-1)
  return {
    accounts,
    ...(found.length > accounts.length && last && { nextPageToken: last.accountId }),
  }
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
