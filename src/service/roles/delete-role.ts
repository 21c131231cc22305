import type { Caller } from '../caller.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import { commitInTurn } from '../commit/commit-in-turn.ts'
import { rolesTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { roleLastUsedKey, rolesRange } from '../keyspace.ts'
import { roleCodec, type RoleRecord } from '../records/role.ts'
import { readRole } from './read-role.ts'

/** Deletes a role, and its sessions with it: writes that they began do not commit. Throws `NoSuchRole`. */
export async function deleteRole(context: ServiceContext, caller: Caller, name: string): Promise<RoleRecord> {
  return await commitForCaller(context, caller, rolesTurn(caller.accountId), async () => {
    const { key, record, version } = await readRole(context, caller.accountId, name)
    const deletes = [key, roleLastUsedKey(record.roleId)]
    return { change: { checks: [{ key, version }], deletes }, result: record }
  })
}

const ROLES_PER_COMMIT = 50

/** Deletes the roles of an account that goes, in steps. A role that others make meanwhile is there afterwards. Throws `RecordBusy`. */
export async function deleteAllRoles(context: ServiceContext, accountId: string): Promise<void> {
  for (let isMore = true; isMore;)
    isMore = await commitInTurn(context, rolesTurn(accountId), async () => {
      const rows = await context.metadata.scan({ ...rolesRange(accountId), limit: ROLES_PER_COMMIT })
      const checks = rows.map(({ key, version }) => ({ key, version }))
      const deletes = rows.flatMap(({ key, value }) => [key, roleLastUsedKey(roleCodec.decode(value).roleId)])
      return {
        change: rows.length === 0 ? null : { checks, deletes },
        result: rows.length === ROLES_PER_COMMIT,
      }
    })
}
