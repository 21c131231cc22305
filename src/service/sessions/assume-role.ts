import { SESSION_SECONDS } from '../../model/lugsail/role-shapes.ts'
import { isPrincipalUsableFrom, isUsableFrom, roleScope } from '../authorization/within-scope.ts'
import { parseKeyPolicy } from '../authorization/policy/parse.ts'
import type { ServiceContext } from '../context.ts'
import type { FoundCredential, StoredRole } from '../credentials/access-cache.ts'
import { callerIdentity, sessionArn } from '../credentials/caller-identity.ts'
import { refusalOf } from '../credentials/refused-key.ts'
import { DomainError } from '../errors/domain-error.ts'
import { roleKey } from '../keyspace.ts'
import type { RoleRecord } from '../records/role.ts'
import type { Session } from './session.ts'
import { sessionTimes } from './session-times.ts'
import { packedPolicySize, type TemporaryCredentials } from './session-tokens.ts'

/** What is asked for of a role. */
export interface RoleRequest {
  readonly roleArn: string
  readonly sessionName: string
  /** A policy document, as application keys have them. */
  readonly policy?: string | undefined
  readonly seconds?: number | undefined
  /** Of whoever asks. */
  readonly address: string
}

/** A role, taken. */
export interface TakenRole {
  readonly credentials: TemporaryCredentials
  readonly roleId: string
  /** Of the session. */
  readonly arn: string
  /** Share of the room for policies that the policy takes, in per cent; absent: there is none. */
  readonly packedPolicySize?: number
}

/**
 * Takes a role of the account with a key of it, also a temporary one that stands for a key. Throws `RoleNotTaken`, `SessionTakesNone` where a session
 * of a role asks, `SessionTooLong`, `MalformedPolicy` and `PackedPolicyTooLarge`.
 */
export async function assumeRole(
  context: ServiceContext,
  credential: FoundCredential,
  request: RoleRequest,
): Promise<TakenRole> {
  const { principal, usedKeyId, usedKeyMadeAt, validUntil } = credential
  if (principal.type === 'role') throw new DomainError('SessionTakesNone', { operation: 'AssumeRole' })
  const stored = await findRole(context, request)
  const isOwn = stored?.record.accountId === principal.accountId
  if (!stored || !isOwn || !isPrincipalUsableFrom(principal, request.address))
    throw notTaken(request, callerIdentity(principal).arn)
  return takeRole(context, stored, request, {
    parentKeyId: usedKeyId,
    parentMadeAt: usedKeyMadeAt,
    validUntil,
  })
}

const ROLE_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):role\/([\w+=,.@-]{1,64})$/

/** Reads a role by its ARN; null: there is none that may be taken at this moment from this address. */
export async function findRole(
  context: ServiceContext,
  { roleArn, address }: Pick<RoleRequest, 'roleArn' | 'address'>,
): Promise<StoredRole | null> {
  const [, accountId = '', name = ''] = ROLE_ARN.exec(roleArn) ?? []
  if (name === '') return null
  const [entry] = await context.metadata.getMany([roleKey(accountId, name)])
  const stored = entry ? context.accessCache.role(entry) : null
  if (!stored || refusalOf(stored.record, context.clock.now())) return null
  const scope = roleScope(stored.record, { roleId: stored.record.roleId, session: null })
  return isUsableFrom(scope, address) ? stored : null
}

/** The refusal of who may not take a role, for whatever reason; `caller`: their ARN. */
const notTaken = ({ roleArn }: Pick<RoleRequest, 'roleArn'>, caller: string): DomainError =>
  new DomainError('RoleNotTaken', { roleArn, caller })

/** Makes the credentials of a role that may be taken. `parent`: the key that takes it, and its end. */
export function takeRole(
  context: ServiceContext,
  { record }: StoredRole,
  { sessionName, policy, seconds = defaultSeconds(record) }: RoleRequest,
  parent: Pick<Session, 'parentKeyId' | 'parentMadeAt'> & { readonly validUntil?: number | undefined },
): TakenRole {
  const { accountId, name, roleId, sessionSecondsMax, sessionsSince = 0 } = record
  if (seconds > sessionSecondsMax) throw new DomainError('SessionTooLong', { secondsMax: sessionSecondsMax })
  const packed = policy === undefined ? null : readPolicy(policy)
  const credentials = context.sessionTokens.issue({
    ...sessionTimes(context.clock.now(), seconds, parent, record),
    accountId,
    parentKeyId: parent.parentKeyId,
    parentMadeAt: parent.parentMadeAt,
    role: { name, roleId, sessionsSince, sessionName, policy: packed },
  })
  return {
    credentials,
    roleId,
    arn: sessionArn(accountId, name, sessionName),
    ...(packed !== null && { packedPolicySize: packedPolicySize(packed) }),
  }
}

const defaultSeconds = ({ sessionSecondsMax }: RoleRecord): number =>
  Math.min(SESSION_SECONDS.default, sessionSecondsMax)

/** Checks a session's policy, and leaves out what says nothing in it. Throws `MalformedPolicy`. */
function readPolicy(policy: string): string {
  parseKeyPolicy(policy)
  return JSON.stringify(JSON.parse(policy))
}
