import { randomBytes } from 'node:crypto'
import { base32Letters } from '../../base/base-32.ts'
import { SESSION_SECONDS } from '../../model/lugsail/role-shapes.ts'
import { invalid } from '../application-keys/key-description.ts'
import type { Caller } from '../caller.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import { rolesTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import { accountKey, bucketKey, roleKey, rolesRange } from '../keyspace.ts'
import { roleCodec, type RoleRecord } from '../records/role.ts'
import { readRoleDescription, type RoleDescription } from './role-description.ts'

/** Makes a role. Throws `RoleExists`, `TooManyRoles`, and what {@link readRoleDescription} throws. */
export async function createRole(
  context: ServiceContext,
  caller: Caller,
  { name, ...given }: RoleDescription & { readonly name: string },
): Promise<RoleRecord> {
  const { accountId } = caller
  return await commitForCaller(context, caller, rolesTurn(accountId), async () => {
    const described = await readRoleDescription(context, accountId, given)
    if (!described.rights && described.policy === undefined)
      throw invalid('A role needs rights or a policy: name one of the two')
    const key = roleKey(accountId, name)
    const bucketKeys = (described.buckets ?? []).map((bucket) => bucketKey(bucket.name))
    const [account, taken, ...buckets] = await context.metadata.getMany([
      accountKey(accountId),
      key,
      ...bucketKeys,
    ])
    if (!account) throw new DomainError('NoSuchAccount', { account: accountId })
    if (taken) throw new DomainError('RoleExists', { roleName: name })
    await checkCount(context, accountId)
    const role: RoleRecord = {
      roleId: newRoleId(),
      accountId,
      name,
      status: 'Active',
      createdAt: context.clock.now(),
      sessionSecondsMax: SESSION_SECONDS.default,
      ...described,
    }
    return {
      change: {
        checks: [
          { key: account.key, version: account.version },
          { key, version: null },
          ...bucketKeys.map((bucket, at) => ({ key: bucket, version: buckets[at]?.version ?? null })),
        ],
        sets: [{ key, value: roleCodec.encode(role) }],
      },
      result: role,
    }
  })
}

/** Against programs that make roles without end: others may pass the limit by one each while they make one at the same time. */
async function checkCount(context: ServiceContext, accountId: string): Promise<void> {
  const { rolesPerAccountMax: limit } = context.settings
  const rows = await context.metadata.scan({ ...rolesRange(accountId), limit: limit + 1, keysOnly: true })
  if (rows.length >= limit) throw new DomainError('TooManyRoles', { count: limit })
}

const ROLE_ID_CHARACTERS = 17

/** As IAM's: it names this role, and no other one of its name. */
const newRoleId = (): string => `AROA${base32Letters(randomBytes(ROLE_ID_CHARACTERS))}`
