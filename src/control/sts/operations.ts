import type { InputOf, OutputOf } from '../../model/operation.ts'
import type { StsOperationName, stsOperations } from '../../model/sts/index.ts'
import { callerIdentity } from '../../service/credentials/caller-identity.ts'
import { assumeRole, findRole, takeRole, type TakenRole } from '../../service/sessions/assume-role.ts'
import { issuerFault } from '../../service/roles/check-trust.ts'
import { getSessionToken } from '../../service/sessions/get-session-token.ts'
import type { TemporaryCredentials } from '../../service/sessions/session-tokens.ts'
import { StsFailure } from './sts-failure.ts'
import type { SignedStsCall, StsCall } from './sts-call.ts'

type Operations = typeof stsOperations
type Handler<N extends StsOperationName, C> = (
  call: C,
  input: InputOf<Operations[N]>,
) => Promise<OutputOf<Operations[N]>>

/** Operations that a request asks by its signature, in no region in particular. */
export const signedOperations: {
  readonly [N in Exclude<StsOperationName, 'AssumeRoleWithWebIdentity'>]: Handler<N, SignedStsCall>
} = {
  GetCallerIdentity: async ({ credential }) => {
    const { accountId, arn, userId } = callerIdentity(credential.principal)
    return { Arn: arn, UserId: userId, Account: accountId }
  },
  GetSessionToken: async ({ service, credential, exchange }, { DurationSeconds }) => {
    const made = getSessionToken(service, credential, DurationSeconds)
    exchange.facts.change = { accessKeyId: made.accessKeyId, expiresAt: isoTime(made.expiresAt) }
    return { Credentials: presentCredentials(made) }
  },
  AssumeRole: async ({ service, credential, exchange }, input) => {
    const { RoleArn, RoleSessionName, Policy, DurationSeconds } = input
    exchange.facts.change = { roleArn: RoleArn, sessionName: RoleSessionName }
    const taken = await assumeRole(service, credential, {
      roleArn: RoleArn,
      sessionName: RoleSessionName,
      policy: Policy,
      seconds: DurationSeconds,
      address: exchange.client.address,
    })
    noteTaken(exchange, taken)
    return presentTaken(taken, RoleSessionName)
  },
}

/** Gives credentials of a role to who shows a token that it trusts. */
export const assumeRoleWithWebIdentity: Handler<'AssumeRoleWithWebIdentity', StsCall> = async (
  { service, exchange, webIdentities },
  { RoleArn, RoleSessionName, WebIdentityToken, Policy, DurationSeconds },
) => {
  const request = {
    roleArn: RoleArn,
    sessionName: RoleSessionName,
    policy: Policy,
    seconds: DurationSeconds,
    address: exchange.client.address,
  }
  const role = await findRole(service, request)
  // What the server may ask may have changed since the role was given its trusts.
  const trusts = role?.record.trusts?.filter(({ issuer }) => issuerFault(service.settings, issuer) === null)
  const identities = await webIdentities()
  const identity = await identities.verify(WebIdentityToken, trusts ?? []).catch((error: unknown) => {
    // Who shows the token is told that the issuer is of no use, and only who keeps the server can do something about it.
    if (error instanceof StsFailure && error.cause instanceof Error)
      exchange.log.warn({ error: error.cause, roleArn: RoleArn }, 'an issuer that a role trusts is of no use')
    throw error
  })
  if (!role) throw new TypeError('nobody is identified where there is no role to trust an issuer')
  const taken = takeRole(service, role, request, { parentKeyId: null, parentMadeAt: null })
  const { accountId, name } = role.record
  exchange.facts.accountId = accountId
  exchange.facts.session = `${name}/${RoleSessionName}`
  exchange.facts.change = {
    roleArn: RoleArn,
    issuer: identity.issuer,
    subject: identity.subject,
    ...(identity.tokenId !== null && { tokenId: identity.tokenId }),
  }
  noteTaken(exchange, taken)
  return {
    ...presentTaken(taken, RoleSessionName),
    SubjectFromWebIdentityToken: identity.subject,
    Provider: identity.issuer,
    Audience: identity.audience,
  }
}

function noteTaken({ facts }: StsCall['exchange'], { credentials }: TakenRole): void {
  const { accessKeyId, expiresAt } = credentials
  facts.change = { ...facts.change, accessKeyId, expiresAt: isoTime(expiresAt) }
}

const isoTime = (epochMs: number): string => new Date(epochMs).toISOString()

function presentTaken({ credentials, roleId, arn, packedPolicySize }: TakenRole, sessionName: string) {
  return {
    Credentials: presentCredentials(credentials),
    AssumedRoleUser: { AssumedRoleId: `${roleId}:${sessionName}`, Arn: arn },
    ...(packedPolicySize !== undefined && { PackedPolicySize: packedPolicySize }),
  }
}

const presentCredentials = (credentials: TemporaryCredentials) => ({
  AccessKeyId: credentials.accessKeyId,
  SecretAccessKey: credentials.secretAccessKey,
  SessionToken: credentials.sessionToken,
  Expiration: credentials.expiresAt,
})
