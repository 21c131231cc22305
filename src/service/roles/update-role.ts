import type { RemovableOfRole } from '../../model/lugsail/role-shapes.ts'
import { invalid } from '../application-keys/key-description.ts'
import type { Caller } from '../caller.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import { rolesTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { bucketKey } from '../keyspace.ts'
import { roleCodec, type RoleRecord } from '../records/role.ts'
import { readRole } from './read-role.ts'
import { readRoleDescription, type RoleDescription } from './role-description.ts'

/** What is to become of a role; what is not named stays. */
interface RoleChange extends RoleDescription {
  readonly name: string
  readonly status?: RoleRecord['status'] | undefined
  /** Whether the sessions that there are count no more. */
  readonly endsSessions?: boolean | undefined
  readonly removes?: readonly RemovableOfRole[] | undefined
}

/** Changes a role: its sessions are decided by what it is then. Throws `NoSuchRole`, and `InvalidApplicationKey` for a description that is none. */
export async function updateRole(
  context: ServiceContext,
  caller: Caller,
  { name, status, endsSessions = false, removes = [], ...given }: RoleChange,
): Promise<RoleRecord> {
  const { accountId } = caller
  const isIdle = Object.values(given).every((value) => value === undefined)
  if (status === undefined && !endsSessions && removes.length === 0 && isIdle)
    throw invalid('Nothing is to be changed: name what the role is to have, or its status')
  for (const member of removes)
    if (given[member] !== undefined || (member === 'expiresAt' && given.expiresInSeconds !== undefined))
      throw invalid(`${member} is both given and removed`)
  return await commitForCaller(context, caller, rolesTurn(accountId), async () => {
    const { key, record, version } = await readRole(context, accountId, name)
    const described = await readRoleDescription(context, accountId, given)
    const bucketKeys = (described.buckets ?? []).map((bucket) => bucketKey(bucket.name))
    const buckets = await context.metadata.getMany(bucketKeys)
    const role: RoleRecord = {
      ...without(record, removes, described),
      ...described,
      status: status ?? record.status,
      ...(endsSessions && { sessionsSince: laterThan(record.sessionsSince, context.clock.now()) }),
    }
    return {
      change: {
        checks: [
          { key, version },
          ...bucketKeys.map((bucket, at) => ({ key: bucket, version: buckets[at]?.version ?? null })),
        ],
        sets: [{ key, value: roleCodec.encode(role) }],
      },
      result: role,
    }
  })
}

/** This second, or the one behind the time at which sessions were ended before: each time ends those that were taken since the last one. */
const laterThan = (before = 0, nowMs: number): number =>
  Math.max(Math.floor(nowMs / 1_000) * 1_000, before + 1_000)

/** The record without what is removed, and without what cannot be beside what takes its place: rights beside a policy. */
function without(
  record: RoleRecord,
  removes: readonly RemovableOfRole[],
  { rights, policy }: Pick<RoleRecord, 'rights' | 'policy'>,
): RoleRecord {
  const gone = new Set<string>(removes.map((member) => (member === 'expiresAt' ? 'validUntil' : member)))
  if (rights) gone.add('policy')
  if (policy !== undefined) gone.add('rights')
  const { roleId, accountId, name, createdAt, status, sessionSecondsMax } = record
  const kept = Object.fromEntries(Object.entries(record).filter(([member]) => !gone.has(member)))
  // What a role must have is never removed.
  return { ...kept, roleId, accountId, name, createdAt, status, sessionSecondsMax }
}
