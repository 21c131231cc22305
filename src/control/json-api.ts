import { LIGHTSAIL_RULES, LUGSAIL_RULES, type ServiceRules } from '../auth/service-rules.ts'
import { LIGHTSAIL_TARGET_PREFIX, lightsailOperations } from '../model/lightsail/index.ts'
import { lugsailOperations } from '../model/lugsail/index.ts'
import { LUGSAIL_TARGET_PREFIX } from '../model/lugsail/names.ts'
import type { Operation } from '../model/operation.ts'
import { requireFirstAccount } from '../service/accounts/first-account.ts'
import type { Caller } from '../service/caller.ts'
import type { ServiceContext } from '../service/context.ts'
import { lugsailHandlers } from './lugsail/index.ts'
import type { OperationHandler } from './operation-handler.ts'
import { operationHandlers } from './operations/index.ts'

/** An API of the control plane that is called as Lightsail's is. */
export interface JsonApi {
  readonly name: 'lightsail' | 'lugsail'
  /** Of `X-Amz-Target`, without the dot. */
  readonly targetPrefix: string
  readonly rules: ServiceRules
  readonly operations: Readonly<Record<string, Operation>>
  readonly handlers: Readonly<Record<string, OperationHandler<Operation>>>
  /** Where an operation is documented; absent: nowhere that an address leads to. */
  readonly docsOf?: (operationName: string) => string
  /** Why an operation that looks like one is none. */
  readonly whatIsNotOffered: string
  /** Throws `AccessDeniedException` for accounts that may not call it; absent: every account may. */
  readonly admit?: (service: ServiceContext, caller: Caller, operationName: string) => Promise<void>
}

/** A table that pairs each name with the handler of that operation, where only the name is known. */
const byName = (handlers: object): JsonApi['handlers'] => handlers as JsonApi['handlers']

/** Buckets and their keys, as Amazon Lightsail has them. */
export const LIGHTSAIL_API: JsonApi = {
  name: 'lightsail',
  targetPrefix: LIGHTSAIL_TARGET_PREFIX,
  rules: LIGHTSAIL_RULES,
  operations: lightsailOperations,
  handlers: byName(operationHandlers),
  docsOf: (operationName) =>
    `https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_${operationName}.html`,
  whatIsNotOffered: 'of Lightsail, Lugsail has the object storage',
}

const byOperationName: Readonly<Record<string, Operation>> = lugsailOperations

/** What Lightsail has no operations for: accounts and resources of the server, for who has the first account's key, and access keys, for each account its own. */
export const LUGSAIL_API: JsonApi = {
  name: 'lugsail',
  targetPrefix: LUGSAIL_TARGET_PREFIX,
  rules: LUGSAIL_RULES,
  operations: lugsailOperations,
  handlers: byName(lugsailHandlers),
  whatIsNotOffered: 'this release has others',
  admit: async (service, caller, operationName) => {
    const operation: Operation | undefined = byOperationName[operationName]
    if (operation?.isOpenToAccounts !== true) await requireFirstAccount(service, caller)
  },
}
