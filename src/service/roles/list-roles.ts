import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { isDomainError } from '../errors/domain-error.ts'
import { rolesRange } from '../keyspace.ts'
import { makePageToken, pageStart } from '../page-token.ts'
import { roleCodec, type RoleRecord } from '../records/role.ts'
import { readRole } from './read-role.ts'

const ROLES_PER_PAGE = 100

/** Which roles are wanted; what is absent leaves none out. */
interface RoleFilter {
  readonly name?: string | undefined
  readonly namePrefix?: string | undefined
  readonly pageToken?: string | undefined
}

interface RolesPage {
  /** By name. */
  readonly roles: readonly RoleRecord[]
  /** Absent on the last page. */
  readonly nextPageToken?: string
}

/** The account's roles, by name, a page of them. Throws `InvalidPageToken`. */
export async function listRoles(
  context: ServiceContext,
  { accountId }: Pick<Caller, 'accountId'>,
  { name, namePrefix = '', pageToken }: RoleFilter,
): Promise<RolesPage> {
  if (name !== undefined) {
    const roles = await oneRole(context, accountId, name)
    return { roles: roles.filter((role) => role.name.startsWith(namePrefix)) }
  }
  const prefix = rolesRange(accountId).start
  const { start: first, end } = rolesRange(accountId, namePrefix)
  const list = `roles\0${accountId}`
  const from = pageStart(context, list, prefix, pageToken)
  const start = Buffer.compare(from, first) < 0 ? first : from
  const rows = await context.metadata.scan({ start, end, limit: ROLES_PER_PAGE + 1 })
  const shown = rows.slice(0, ROLES_PER_PAGE)
  const last = shown.at(-1)
  const roles = shown.map(({ value }) => roleCodec.decode(value))
  if (rows.length <= ROLES_PER_PAGE || !last) return { roles }
  return { roles, nextPageToken: makePageToken(context, list, last.key.subarray(prefix.length)) }
}

async function oneRole(
  context: ServiceContext,
  accountId: string,
  name: string,
): Promise<readonly RoleRecord[]> {
  try {
    return [(await readRole(context, accountId, name)).record]
  } catch (error) {
    if (isDomainError(error, 'NoSuchRole')) return []
    throw error
  }
}
