import { AuthenticationFailure } from '../auth/authentication-failure.ts'
import type { SignedAuthentication } from '../auth/authentication.ts'
import { parseAuthentication } from '../auth/parse-authentication.ts'
import { isRegion } from '../model/region.ts'
import type { Caller } from '../service/caller.ts'
import { isPrincipalUsableFrom } from '../service/authorization/within-scope.ts'
import type { KeyHolder } from '../service/principal.ts'
import { ControlError } from './control-error.ts'
import { authenticationError } from './authentication-error.ts'
import { hintOfFailure, regionHint } from './refusal-hint.ts'
import { verifyCaller, type VerifyCallerOptions } from './verify-caller.ts'

interface AuthenticateOptions extends Omit<VerifyCallerOptions, 'authentication' | 'nowMs'> {
  /** Told whose key it is once the signature was right, also when that key may not call anything here. */
  readonly noteSigner: (signer: { readonly accountId: string; readonly accessKeyId: string }) => void
  /** Whether keys that are no account's may call it. */
  readonly isOpenToKeys: boolean
  /** For the message when the key may not call it. */
  readonly operationName: string
}

interface AuthenticatedCaller extends Caller {
  readonly accessKeyId: string
  readonly principal: KeyHolder
  /** Of the request. */
  readonly body: Buffer
}

/**
 * Finds out who calls: verifies the signature over request and body with the stored secret, and lets in nobody but an account, unless the operation is open to all keys. The region is the
 * one that the request was signed for. Throws the codes that the front end of an AWS JSON service answers with.
 */
export async function authenticate(options: AuthenticateOptions): Promise<AuthenticatedCaller> {
  const { context, signingKeys, head, exchange, readBody, noteSigner, rules, operationName, isOpenToKeys } =
    options
  const nowMs = context.clock.now()
  let signedBy = ''
  try {
    const authentication = parseAuthentication(head, rules)
    if (authentication.type === 'anonymous') {
      throw new ControlError('MissingAuthenticationTokenException', 'Missing Authentication Token')
    }
    const { accessKeyId, scope } = authentication
    signedBy = accessKeyId
    requireSignedTarget(authentication)
    if (!isRegion(scope.region)) {
      throw new ControlError('InvalidSignatureException', 'Credential should be scoped to a valid region.', {
        hint: regionHint(scope.region),
      })
    }
    const { credential, body } = await verifyCaller({
      context,
      signingKeys,
      head,
      authentication,
      exchange,
      readBody,
      rules,
      nowMs,
    })
    const { principal } = credential
    noteSigner({ accountId: principal.accountId, accessKeyId })
    if (isOpenToKeys) {
      // Where a key may not be used, it does not tell either whose it is.
      if (!isPrincipalUsableFrom(principal, exchange.client.address))
        throw new ControlError('AccessDeniedException', 'The access key may not be used from this address')
    } else if (principal.type !== 'account') {
      throw new ControlError(
        'AccessDeniedException',
        `The access key ${accessKeyId} is not authorized to perform: ${rules.service}:${operationName}. It opens buckets through S3 only; use the account's own key.`,
      )
    }
    return {
      accountId: principal.accountId,
      region: scope.region,
      accessKeyId,
      principal,
      credential: credential.state,
      body,
    }
  } catch (error) {
    if (error instanceof AuthenticationFailure)
      throw authenticationError(error, nowMs, hintOfFailure(error, nowMs, signedBy))
    throw error
  }
}

/** The target names the operation: unsigned, a request could be turned into another one on its way. */
function requireSignedTarget({ signedHeaders }: SignedAuthentication): void {
  if (`;${signedHeaders};`.includes(';x-amz-target;')) return
  throw new ControlError(
    'InvalidSignatureException',
    "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.",
  )
}
