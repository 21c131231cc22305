import { randomBytes, randomInt } from 'node:crypto'
import type { Caller } from '../caller.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import { accountNameTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import type { AccessKeyPair } from '../credentials/mint-access-key.ts'
import { newCredential } from '../credentials/new-credential.ts'
import { DomainError } from '../errors/domain-error.ts'
import { accountKey, accountNameKey, canonicalUserKey } from '../keyspace.ts'
import { accountCodec } from '../records/account.ts'
import type { AccountRecord } from '../records/account.ts'
import { checkAccountName } from './account-name.ts'

/** What of a new account is not drawn by lot but given; whatever is absent is. */
export interface GivenIdentity {
  /** 12 digits, the first not zero. */
  readonly accountId?: string
  readonly rootKey?: AccessKeyPair
}

/** An account with its root key pair, whose secret is shown this once. */
export interface NewAccount {
  readonly account: AccountRecord
  readonly rootKey: AccessKeyPair
}

/**
 * Makes an account. `keep` is given it before it is there, and puts its secret where it is not lost: what `keep` throws is thrown, and there is no account then. It
 * may be called again, with another key pair. Throws `AccountExists` and `InvalidAccountName`.
 */
export async function createAccount(
  context: ServiceContext,
  name: string,
  caller: Pick<Caller, 'credential'> = {},
  keep: (made: NewAccount) => void = () => undefined,
  given: GivenIdentity = {},
): Promise<NewAccount> {
  checkAccountName(name)
  return await commitForCaller(context, caller, accountNameTurn(name), async () => {
    const accountId = given.accountId ?? mintAccountId()
    const [taken] = await context.metadata.getMany([accountNameKey(name)])
    if (taken) throw new DomainError('AccountExists', { accountName: name })
    const credential = newCredential(context, { type: 'account', accountId }, given.rootKey)
    const account: AccountRecord = {
      accountId,
      name,
      canonicalUserId: randomBytes(32).toString('hex'),
      createdAt: credential.createdAt,
      accessKeyId: credential.pair.accessKeyId,
    }
    const made = { account, rootKey: credential.pair }
    keep(made)
    return {
      change: {
        checks: [
          { key: accountKey(accountId), version: null },
          { key: accountNameKey(name), version: null },
          credential.check,
        ],
        sets: [
          { key: accountKey(accountId), value: accountCodec.encode(account) },
          { key: accountNameKey(name), value: Buffer.from(accountId) },
          { key: canonicalUserKey(account.canonicalUserId), value: Buffer.from(accountId) },
          credential.set,
        ],
      },
      result: made,
    }
  })
}

/** 12 digits, the first not zero, so that the id survives tools that take it for a number. */
function mintAccountId(): string {
  return String(randomInt(100_000, 1_000_000)) + String(randomInt(0, 1_000_000)).padStart(6, '0')
}
