import { assumeRole } from './assume-role.ts'
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity.ts'
import { getCallerIdentity } from './get-caller-identity.ts'
import { getSessionToken } from './get-session-token.ts'

/** The version of the API, which every request names. */
export const STS_VERSION = '2011-06-15'

/** The namespace of the API's documents. */
export const STS_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/'

/** What of STS is offered, by the API's names. */
export const stsOperations = {
  GetCallerIdentity: getCallerIdentity,
  GetSessionToken: getSessionToken,
  AssumeRole: assumeRole,
  AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
} as const

/** The name of an operation of STS that is offered. */
export type StsOperationName = keyof typeof stsOperations
