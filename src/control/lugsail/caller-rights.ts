import type { getCallerRights as getCallerRightsOperation } from '../../model/lugsail/get-caller-rights.ts'
import type { OutputOf } from '../../model/operation.ts'
import { FIRST_ACCOUNT_NAME } from '../../service/accounts/first-account.ts'
import { findAccount } from '../../service/accounts/read-accounts.ts'
import { readKey } from '../../service/application-keys/read-key.ts'
import type { ServiceContext } from '../../service/context.ts'
import { callerIdentity } from '../../service/credentials/caller-identity.ts'
import type { KeyHolder } from '../../service/principal.ts'
import { readRole } from '../../service/roles/read-role.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentBounds } from './present-bounds.ts'

type Rights = OutputOf<typeof getCallerRightsOperation>

/** Tells what whoever signed the request may do. Throws `NotFoundException` for an application key or a role that is deleted meanwhile. */
export const handleGetCallerRights: OperationHandler<typeof getCallerRightsOperation> = async ({
  service,
  principal,
}) => {
  const { accountId, arn } = callerIdentity(principal)
  const { record: account } = await findAccount(service, accountId)
  return {
    accountId,
    arn,
    callerType: principal.type,
    isFirstAccount: principal.type === 'account' && account.name === FIRST_ACCOUNT_NAME,
    ...(await boundsOf(service, principal)),
  }
}

async function boundsOf(service: ServiceContext, principal: KeyHolder): Promise<Partial<Rights>> {
  const { accountId } = principal
  switch (principal.type) {
    case 'account':
      return {}
    case 'bucket-key':
      return { name: principal.bucketName, buckets: [principal.bucketName], rights: ['full'] }
    case 'resource':
      return { name: principal.resourceName, rights: ['full'] }
    case 'application-key': {
      const { record } = await readKey(service, accountId, principal.name)
      return { name: record.name, ...presentBounds(record) }
    }
    case 'role': {
      const { record } = await readRole(service, accountId, principal.name)
      return { name: principal.name, ...presentBounds(record) }
    }
  }
}
