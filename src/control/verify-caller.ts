import { createHash } from 'node:crypto'
import { AuthenticationFailure } from '../auth/authentication-failure.ts'
import type { SignedAuthentication } from '../auth/authentication.ts'
import type { RequestHead } from '../auth/request-head.ts'
import type { ServiceRules } from '../auth/service-rules.ts'
import type { SigningKeyCache } from '../auth/signing-key-cache.ts'
import { verifyAuthentication } from '../auth/verify-authentication.ts'
import type { ServiceContext } from '../service/context.ts'
import { lookUpAccess, type FoundCredential } from '../service/credentials/look-up-access.ts'

interface VerifyCallerOptions {
  readonly context: ServiceContext
  readonly signingKeys: SigningKeyCache
  readonly head: RequestHead
  /** The signature, as it was read from the request. */
  readonly authentication: SignedAuthentication
  readonly body: Buffer
  readonly rules: ServiceRules
  /** Epoch milliseconds. */
  readonly nowMs: number
}

/** Verifies the signature over request and body with the stored secret, and tells whose key it is. Throws AuthenticationFailure. */
export async function verifyCaller(options: VerifyCallerOptions): Promise<FoundCredential> {
  const { context, signingKeys, head, authentication, body, rules, nowMs } = options
  const { accessKeyId } = authentication
  const { credential } = await lookUpAccess(context, accessKeyId, null)
  if (!credential) throw new AuthenticationFailure('access-key-unknown', 'the access key id is not known')
  verifyAuthentication({
    head,
    authentication,
    rules,
    credential: {
      accessKeyId,
      secretVersion: credential.secretVersion,
      openSecret: () => credential.secret(),
    },
    keys: signingKeys,
    nowMs,
    bodySha256: createHash('sha256').update(body).digest('hex'),
  })
  return credential
}
