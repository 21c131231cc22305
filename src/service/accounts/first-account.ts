import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { findAccount } from './read-accounts.ts'

/** The account that the first start of a store makes; commands mean it when they are told of none. */
export const FIRST_ACCOUNT_NAME = 'default'

/** Lets the first account look after the others. Throws `AccountMayNotManage` for any other one. */
export async function requireFirstAccount(
  context: ServiceContext,
  { accountId }: Pick<Caller, 'accountId'>,
): Promise<void> {
  const { record } = await findAccount(context, accountId)
  if (record.name !== FIRST_ACCOUNT_NAME)
    throw new DomainError('AccountMayNotManage', {
      accountName: record.name,
      firstAccountName: FIRST_ACCOUNT_NAME,
    })
}
