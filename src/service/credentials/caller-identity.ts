import { createHash } from 'node:crypto'
import type { KeyHolder } from '../principal.ts'
import { base32Letters } from '../../base/base-32.ts'

/** Who an access key speaks for, in the names that IAM gives. */
interface CallerIdentity {
  readonly accountId: string
  readonly arn: string
  readonly userId: string
}

/**
 * What `aws:PrincipalArn` and `aws:userid` are in conditions: those of {@link callerIdentity}, but a session has the ARN of its role, as IAM has it.
 */
export function principalIdentity(principal: KeyHolder): Omit<CallerIdentity, 'accountId'> {
  const { accountId, arn, userId } = callerIdentity(principal)
  if (principal.type === 'resource') return { arn: roleArn(accountId, RESOURCE_ROLE), userId }
  return { arn: principal.type === 'role' ? roleArn(accountId, principal.name) : arn, userId }
}

/** The name that IAM gives to a role of an account. */
export const roleArn = (accountId: string, name: string): string => `arn:aws:iam::${accountId}:role/${name}`

/** The name that IAM gives to a session of a role. */
export const sessionArn = (accountId: string, roleName: string, sessionName: string): string =>
  `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`

/** The role that Lightsail gives to its instances, which reach the buckets that they are attached to by it. */
const RESOURCE_ROLE = 'AmazonLightsailInstanceRole'

/**
 * An account's root key is the account's root; both keys of a bucket are one user, who has the bucket's name; an application key is a user of its own
 * name, in a path where no bucket's is; a resource is a session of
 * the role of Lightsail's instances, and is called as the resource is.
 */
export function callerIdentity(principal: KeyHolder): CallerIdentity {
  const { accountId } = principal
  switch (principal.type) {
    case 'account':
      return { accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId }
    case 'bucket-key':
      return {
        accountId,
        arn: `arn:aws:iam::${accountId}:user/${principal.bucketName}`,
        userId: uniqueId('AIDA', principal.bucketId),
      }
    case 'application-key':
      return {
        accountId,
        arn: `arn:aws:iam::${accountId}:user/keys/${principal.name}`,
        userId: uniqueId('AIDA', `${accountId}/keys/${principal.name}`),
      }
    case 'role': {
      const { name, roleId, sessionName } = principal
      return { accountId, arn: sessionArn(accountId, name, sessionName), userId: `${roleId}:${sessionName}` }
    }
    case 'resource': {
      const session = principal.resourceName
      return {
        accountId,
        arn: sessionArn(accountId, RESOURCE_ROLE, session),
        userId: `${uniqueId('AROA', accountId)}:${session}`,
      }
    }
  }
}

/** 21 characters as IAM's ids have; the same for the same source, and telling nothing of it. */
const uniqueId = (prefix: 'AIDA' | 'AROA', source: string): string =>
  prefix + base32Letters(createHash('sha256').update(`${prefix}/${source}`).digest().subarray(0, 17))
