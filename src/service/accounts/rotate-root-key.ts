import type { Change } from '../../storage/metadata-store.ts'
import type { Caller } from '../caller.ts'
import { accountTurn } from '../commit/turns.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import type { ServiceContext } from '../context.ts'
import type { AccessKeyPair } from '../credentials/mint-access-key.ts'
import { newCredential } from '../credentials/new-credential.ts'
import { DomainError } from '../errors/domain-error.ts'
import { accountKey, credentialKey, lastUsedKey } from '../keyspace.ts'
import { accountCodec, type AccountRecord, type RetiringKey } from '../records/account.ts'
import { credentialCodec, type CredentialRecord } from '../records/credential.ts'
import { findAccount } from './read-accounts.ts'

interface Rotation {
  readonly account: AccountRecord
  readonly pair: AccessKeyPair
}

/**
 * Gives the account a new root key pair. The old one counts for so many seconds more, 0: it stops at once; one that was retiring already stops now.
 * `show` gets to see the pair before it counts: when it throws, nothing has changed. Throws `NoSuchAccount`.
 */
export async function rotateRootKey(
  context: ServiceContext,
  nameOrId: string,
  options: { readonly retireInSeconds: number; readonly show?: (pair: AccessKeyPair) => void },
  caller: Pick<Caller, 'credential'> = {},
): Promise<Rotation> {
  const { accountId } = (await findAccount(context, nameOrId)).record
  const credential = newCredential(context, { type: 'account', accountId })
  options.show?.(credential.pair)
  return await commitForCaller(context, caller, accountTurn(accountId), async () => {
    const { record, version } = await findAccount(context, accountId)
    const { retiring: stopped, ...rest } = record
    const until = context.clock.now() + options.retireInSeconds * 1_000
    const old = options.retireInSeconds > 0 ? await retire(context, record.accessKeyId, until) : null
    const account: AccountRecord = {
      ...rest,
      accessKeyId: credential.pair.accessKeyId,
      ...(old && { retiring: { accessKeyId: record.accessKeyId, until } }),
    }
    const key = accountKey(accountId)
    return {
      change: {
        checks: [{ key, version }, credential.check, ...(old ? [old.check] : [])],
        sets: [{ key, value: accountCodec.encode(account) }, credential.set, ...(old ? [old.set] : [])],
        deletes: [
          ...(old ? [] : rowsOf(record.accessKeyId)),
          ...(stopped ? rowsOf(stopped.accessKeyId) : []),
        ],
      },
      result: { account, pair: credential.pair },
    }
  })
}

/**
 * Stops one of the two root key pairs that an account has during a rotation: the retiring one, or the new one, after which the retiring one is the
 * account's again. Throws `NoSuchRootKey` for a key that is not this account's, and `LastRootKey` for the only one.
 */
export async function retireRootKey(
  context: ServiceContext,
  nameOrId: string,
  accessKeyId?: string,
  caller: Pick<Caller, 'credential'> = {},
): Promise<AccountRecord> {
  const { accountId } = (await findAccount(context, nameOrId)).record
  return await commitForCaller(context, caller, accountTurn(accountId), async () => {
    const { record, version } = await findAccount(context, accountId)
    const { retiring: kept, ...rest } = record
    const retiring = retiringKeyOf(record, context.clock.now())
    const stopped = accessKeyId ?? retiring?.accessKeyId
    if (retiring === null && (stopped === undefined || stopped === record.accessKeyId))
      throw new DomainError('LastRootKey', { accountName: record.name })
    if (
      retiring === null ||
      stopped === undefined ||
      ![record.accessKeyId, retiring.accessKeyId].includes(stopped)
    )
      throw new DomainError('NoSuchRootKey', { accountName: record.name, accessKeyId: stopped })
    const isNew = stopped === record.accessKeyId
    const renewed = isNew ? await retire(context, retiring.accessKeyId, null) : null
    const account: AccountRecord = isNew ? { ...rest, accessKeyId: retiring.accessKeyId } : rest
    const key = accountKey(accountId)
    return {
      change: {
        checks: [{ key, version }, ...(renewed ? [renewed.check] : [])],
        sets: [{ key, value: accountCodec.encode(account) }, ...(renewed ? [renewed.set] : [])],
        deletes: rowsOf(isNew ? record.accessKeyId : (kept?.accessKeyId ?? stopped)),
      },
      result: account,
    }
  })
}

/** The account's old root key pair where it still counts, else null. `nowMs`: epoch milliseconds. */
export const retiringKeyOf = ({ retiring }: AccountRecord, nowMs: number): RetiringKey | null =>
  retiring !== undefined && nowMs < retiring.until ? retiring : null

/** What a commit checks and sets so that a key ends at a time; null: never. */
async function retire(
  context: ServiceContext,
  accessKeyId: string,
  until: number | null,
): Promise<{
  check: NonNullable<Change['checks']>[number]
  set: NonNullable<Change['sets']>[number]
} | null> {
  const key = credentialKey(accessKeyId)
  const [entry] = await context.metadata.getMany([key])
  if (!entry) return null
  const record = endless(credentialCodec.decode(entry.value))
  const value = credentialCodec.encode({ ...record, ...(until !== null && { validUntil: until }) })
  return { check: { key, version: entry.version }, set: { key, value } }
}

const endless = ({ validUntil: _validUntil, ...record }: CredentialRecord): CredentialRecord => record

const rowsOf = (accessKeyId: string): Uint8Array[] => [credentialKey(accessKeyId), lastUsedKey(accessKeyId)]
