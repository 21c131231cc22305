import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import { findAccount } from './read-accounts.ts'

/** The account that the first start of a store makes; commands mean it when they are told of none. */
export const FIRST_ACCOUNT_NAME = 'default'

/** Lets the first account look after the others. Throws `AccessDeniedException` for any other one. */
export async function requireFirstAccount(
  context: ServiceContext,
  { accountId }: Pick<Caller, 'accountId'>,
): Promise<void> {
  const { record } = await findAccount(context, accountId)
  if (record.name !== FIRST_ACCOUNT_NAME)
    throw new ServiceError(
      'AccessDeniedException',
      `The account ${record.name} may not look after the accounts of this server; the first account, ${FIRST_ACCOUNT_NAME}, may.`,
    )
}
