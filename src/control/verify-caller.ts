import { createHash } from 'node:crypto'
import type { SignedAuthentication } from '../auth/authentication.ts'
import { isVerified } from '../auth/is-verified.ts'
import { refusedAccessKey } from '../auth/refused-access-key.ts'
import type { RequestHead } from '../auth/request-head.ts'
import type { ServiceRules } from '../auth/service-rules.ts'
import type { SigningKeyCache } from '../auth/signing-key-cache.ts'
import { verifyAuthentication } from '../auth/verify-authentication.ts'
import type { Exchange } from '../api/exchange.ts'
import { noteSigner } from '../api/note-signer.ts'
import type { ServiceContext } from '../service/context.ts'
import type { FoundCredential } from '../service/credentials/access-cache.ts'
import { lookUpAccess } from '../service/credentials/look-up-access.ts'
import { describeRefusal } from '../service/credentials/refused-key.ts'
import { ControlError } from './control-error.ts'

/** What a request is verified with. */
export interface VerifyCallerOptions {
  readonly context: ServiceContext
  readonly signingKeys: SigningKeyCache
  readonly head: RequestHead
  /** The signature, as it was read from the request. */
  readonly authentication: SignedAuthentication
  readonly exchange: Pick<Exchange, 'client' | 'facts'>
  /** Called once the key is known to exist: nothing is read for others. */
  readonly readBody: () => Promise<Buffer>
  /** Of the API that is called. */
  readonly rules: ServiceRules
  /** Epoch milliseconds. */
  readonly nowMs: number
}

interface VerifiedCaller {
  readonly credential: FoundCredential
  readonly body: Buffer
}

/**
 * Verifies the signature over request and body with the stored secret, and tells whose key it is. Throws AuthenticationFailure, and
 * `ServiceUnavailableException` for an address from which too many signatures were wrong.
 */
export async function verifyCaller(options: VerifyCallerOptions): Promise<VerifiedCaller> {
  const { context, signingKeys, head, authentication, exchange, rules, nowMs } = options
  const { client, facts } = exchange
  const { accessKeyId } = authentication
  if (client.isHeldOff(accessKeyId))
    throw new ControlError(
      'ServiceUnavailableException',
      'Too many signatures from this address were wrong. Try again later.',
    )
  const { credential, refusal, stopped } = await lookUpAccess(
    context,
    accessKeyId,
    null,
    authentication.sessionToken,
  )
  if (!credential && !stopped) throw refusedAccessKey(accessKeyId, refusal && describeRefusal(refusal))
  const body = await options.readBody()
  const verify = (by: FoundCredential) =>
    verifyAuthentication({
      head,
      authentication,
      rules,
      credential: { accessKeyId, secretVersion: by.secretVersion, openSecret: () => by.secret() },
      keys: signingKeys,
      nowMs,
      signersNowMs: context.clock.clientsNow?.(),
      bodySha256: createHash('sha256').update(body).digest('hex'),
    })
  if (!credential) {
    if (stopped && isVerified(() => verify(stopped))) noteSigner(facts, stopped, true)
    throw refusedAccessKey(accessKeyId, refusal && describeRefusal(refusal))
  }
  verify(credential)
  noteSigner(facts, credential)
  client.noteVerified(accessKeyId)
  return { credential, body }
}
