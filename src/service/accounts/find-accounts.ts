import { keyAfter } from '../../base/key.ts'
import { commitInTurn } from '../commit/commit-in-turn.ts'
import { STORE_TURNS } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { accountKey, accountsRange, canonicalUserKey, storeKey } from '../keyspace.ts'
import { accountCodec } from '../records/account.ts'
import { isAccountId } from './account-name.ts'

const KEYS_PER_READ = 200
const ACCOUNTS_PER_COMMIT = 100
/** What the canonical id of an account looks like. */
export const CANONICAL_USER_ID = /^[0-9a-f]{64}$/

/** Those of the texts that are ids of accounts of this server. */
async function readAccountIds(
  context: ServiceContext,
  texts: Iterable<string>,
): Promise<ReadonlySet<string>> {
  const accountIds = [...new Set(texts)].filter(isAccountId)
  const known = new Set<string>()
  for (let at = 0; at < accountIds.length; at += KEYS_PER_READ) {
    const asked = accountIds.slice(at, at + KEYS_PER_READ)
    const entries = await context.metadata.getMany(asked.map(accountKey))
    asked.forEach((accountId, index) => entries[index] && known.add(accountId))
  }
  return known
}

/** The ids of the accounts that S3 knows under these canonical ids, by canonical id; those that no account has are left out. */
export async function findAccountIds(
  context: ServiceContext,
  canonicalUserIds: Iterable<string>,
): Promise<ReadonlyMap<string, string>> {
  const asked = [...new Set(canonicalUserIds)].filter((id) => CANONICAL_USER_ID.test(id))
  const indexed = await readIndex(context, asked)
  if (indexed.size < asked.length && (await completeIndex(context)))
    return await existing(context, await readIndex(context, asked))
  return await existing(context, indexed)
}

async function readIndex(context: ServiceContext, asked: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (let at = 0; at < asked.length; at += KEYS_PER_READ) {
    const ids = asked.slice(at, at + KEYS_PER_READ)
    const entries = await context.metadata.getMany(ids.map(canonicalUserKey))
    ids.forEach((id, index) => {
      const accountId = entries[index]?.value.toString()
      if (accountId !== undefined) found.set(id, accountId)
    })
  }
  return found
}

async function existing(
  context: ServiceContext,
  indexed: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const known = await readAccountIds(context, indexed.values())
  return new Map([...indexed].filter(([, accountId]) => known.has(accountId)))
}

/** Says that accounts made before there was an index are in it. */
const COMPLETE_KEY = storeKey('canonical-users')

/** Puts accounts into the index that were made before there was one. False: nothing had to be done. */
async function completeIndex(context: ServiceContext): Promise<boolean> {
  if (context.accountIndex.isComplete) return false
  const [mark] = await context.metadata.getMany([COMPLETE_KEY])
  if (!mark) {
    await indexAccounts(context)
    await context.metadata.commit({ sets: [{ key: COMPLETE_KEY, value: Buffer.from('1') }] })
  }
  context.accountIndex.isComplete = true
  return !mark
}

async function indexAccounts(context: ServiceContext): Promise<void> {
  const { start, end } = accountsRange()
  for (let next: Uint8Array = start; ;) {
    const last = await commitInTurn(context, STORE_TURNS.accountIndex, async () => {
      const entries = await context.metadata.scan({ start: next, end, limit: ACCOUNTS_PER_COMMIT })
      const accounts = entries.map(({ value }) => accountCodec.decode(value))
      return {
        change: {
          // None of them may be deleted meanwhile: its place in the index would stay.
          checks: entries.map(({ key, version }) => ({ key, version })),
          sets: accounts.map(({ accountId, canonicalUserId }) => ({
            key: canonicalUserKey(canonicalUserId),
            value: Buffer.from(accountId),
          })),
        },
        result: entries.length < ACCOUNTS_PER_COMMIT ? null : (entries.at(-1)?.key ?? null),
      }
    })
    if (last === null) return
    next = keyAfter(last)
  }
}
