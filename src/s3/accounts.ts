import type { ServiceContext } from '../service/context.ts'
import { accountKey, accountsRange } from '../service/keyspace.ts'
import { accountCodec, type AccountRecord } from '../service/records/account.ts'

/** How S3 shows an account. */
export interface CanonicalUser {
  readonly ID: string
  readonly DisplayName: string
}

/** Accounts kept decoded for each context; an account's canonical id and name never change. */
const CACHED_ACCOUNTS_MAX = 10_000

/** More accounts than a server has; a search by canonical id reads no further. */
const SEARCHED_ACCOUNTS_MAX = 10_000

const caches = new WeakMap<ServiceContext, Map<string, CanonicalUser>>()

/** What S3 calls these accounts; an account that is gone shows its account id. */
export async function canonicalUsersOf(
  context: ServiceContext,
  accountIds: Iterable<string>,
): Promise<ReadonlyMap<string, CanonicalUser>> {
  const cache = cacheOf(context)
  const users = new Map<string, CanonicalUser>()
  const unknown: string[] = []
  for (const accountId of new Set(accountIds)) {
    const known = cache.get(accountId)
    if (known) users.set(accountId, known)
    else unknown.push(accountId)
  }
  if (unknown.length === 0) return users
  const entries = await context.metadata.getMany(unknown.map(accountKey))
  unknown.forEach((accountId, at) => {
    const entry = entries[at]
    if (!entry) users.set(accountId, { ID: accountId, DisplayName: accountId })
    else users.set(accountId, remember(cache, accountCodec.decode(entry.value)))
  })
  return users
}

export async function canonicalUserOf(context: ServiceContext, accountId: string): Promise<CanonicalUser> {
  const users = await canonicalUsersOf(context, [accountId])
  return users.get(accountId) ?? { ID: accountId, DisplayName: accountId }
}

/** The account with this canonical id, or null. Reads accounts until it is found, then remembers. */
export async function accountIdOf(context: ServiceContext, canonicalUserId: string): Promise<string | null> {
  const cache = cacheOf(context)
  for (const [accountId, { ID }] of cache) if (ID === canonicalUserId) return accountId
  const { start, end } = accountsRange()
  const entries = await context.metadata.scan({ start, end, limit: SEARCHED_ACCOUNTS_MAX })
  let found: string | null = null
  for (const entry of entries) {
    const account = accountCodec.decode(entry.value)
    remember(cache, account)
    if (account.canonicalUserId === canonicalUserId) found = account.accountId
  }
  return found
}

function remember(cache: Map<string, CanonicalUser>, account: AccountRecord): CanonicalUser {
  const user = { ID: account.canonicalUserId, DisplayName: account.name }
  if (cache.size >= CACHED_ACCOUNTS_MAX) cache.clear()
  cache.set(account.accountId, user)
  return user
}

function cacheOf(context: ServiceContext): Map<string, CanonicalUser> {
  let cache = caches.get(context)
  if (!cache) {
    cache = new Map<string, CanonicalUser>()
    caches.set(context, cache)
  }
  return cache
}
