import type { Version } from '../../storage/metadata-store.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import { accountKey, accountNameKey, accountsRange } from '../keyspace.ts'
import { accountCodec } from '../records/account.ts'
import type { AccountRecord } from '../records/account.ts'
import { isAccountId } from './account-name.ts'

interface StoredAccount {
  readonly record: AccountRecord
  readonly version: Version
}

const ACCOUNTS_MAX = 10_000
const CACHED_ACCOUNTS_MAX = 10_000

/** All accounts by ascending id, at most 10,000. */
export async function listAccounts(context: ServiceContext): Promise<AccountRecord[]> {
  const entries = await context.metadata.scan({ ...accountsRange(), limit: ACCOUNTS_MAX })
  return entries.map(({ value }) => accountCodec.decode(value))
}

/** The account of that name or id. Throws `NotFoundException`. */
export async function findAccount(context: ServiceContext, nameOrId: string): Promise<StoredAccount> {
  let accountId = nameOrId
  if (!isAccountId(nameOrId)) {
    const [name] = await context.metadata.getMany([accountNameKey(nameOrId)])
    if (!name) throw noSuchAccount(nameOrId)
    accountId = name.value.toString()
  }
  const [entry] = await context.metadata.getMany([accountKey(accountId)])
  if (!entry) throw noSuchAccount(nameOrId)
  return { record: accountCodec.decode(entry.value), version: entry.version }
}

/** What S3 shows of an account, as owner or grantee; none of it ever changes. */
interface AccountOwner {
  readonly accountId: string
  readonly name: string
  readonly canonicalUserId: string
}

const ownersOf = new WeakMap<ServiceContext, Map<string, AccountOwner>>()

/** Who an account id stands for, in answers; null when it is no account of this server. Remembered, for it never changes. */
export async function readOwner(context: ServiceContext, accountId: string): Promise<AccountOwner | null> {
  const owners = ownersOf.get(context) ?? new Map<string, AccountOwner>()
  ownersOf.set(context, owners)
  const known = owners.get(accountId)
  if (known) return known
  const [entry] = await context.metadata.getMany([accountKey(accountId)])
  if (!entry) return null
  const { name, canonicalUserId } = accountCodec.decode(entry.value)
  const owner = { accountId, name, canonicalUserId }
  if (owners.size >= CACHED_ACCOUNTS_MAX) owners.clear()
  owners.set(accountId, owner)
  return owner
}

function noSuchAccount(nameOrId: string): ServiceError {
  return new ServiceError('NotFoundException', `The Account does not exist: ${nameOrId.slice(0, 100)}`)
}
