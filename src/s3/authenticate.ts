import { ChunkSignatures } from '../auth/chunk-signature.ts'
import { AuthenticationFailure } from '../auth/authentication-failure.ts'
import type { Authentication, SignedAuthentication } from '../auth/authentication.ts'
import type { PayloadHash } from '../auth/payload-hash.ts'
import { parseAuthentication } from '../auth/parse-authentication.ts'
import type { RequestHead } from '../auth/request-head.ts'
import { S3_RULES } from '../auth/service-rules.ts'
import type { SigningKeyCache } from '../auth/signing-key-cache.ts'
import { verifyAuthentication } from '../auth/verify-authentication.ts'
import type { Exchange } from '../base/exchange.ts'
import type { ChunkVerifier } from '../protocol/aws-chunked/chunk-verifier.ts'
import type { StoredBucket } from '../service/admission.ts'
import type { ServiceContext } from '../service/context.ts'
import { noteBucket } from './access-log/note-bucket.ts'
import { actualCorsHeaders } from './cors/answer-cors.ts'
import { lookUpAccess, type FoundCredential } from '../service/credentials/look-up-access.ts'
import { ServiceError } from '../service/errors.ts'

/** Who asks, as far as the request's signature proves it, and the bucket that was read on the way. */
interface Authenticated {
  /** Null: anonymous. */
  readonly credential: FoundCredential | null
  readonly bucket: StoredBucket | null
  readonly signature: SignedAuthentication | null
  /** What the signature says about the body. */
  readonly payload: PayloadHash | null
  /** Checks the signatures of the body's chunks, where it has them. */
  chunkVerifier(): ChunkVerifier
}

interface AuthenticateOptions {
  readonly context: ServiceContext
  readonly keys: SigningKeyCache
  readonly exchange: Exchange
  readonly head: RequestHead
  readonly bucketName: string | null
  /** Gets what the bucket's rules say to a page of another origin, which may read a refusal, too. */
  readonly extraHeaders: string[]
}

/**
 * Reads the signature, looks up its key and the bucket in one round trip, and verifies. The order of refusals is S3's: what is malformed,
 * an unknown key, the region, the time, what is not signed, the signature. Throws {@link AuthenticationFailure}.
 */
export async function authenticate(options: AuthenticateOptions): Promise<Authenticated> {
  const { context, exchange, head, bucketName } = options
  const authentication: Authentication = parseAuthentication(head, S3_RULES)
  const isSigned = authentication.type !== 'anonymous'
  const accessKeyId = isSigned ? authentication.accessKeyId : null
  if (accessKeyId !== null && exchange.client.isHeldOff(accessKeyId)) throw new ServiceError('SlowDown')
  const { credential, bucket } = await lookUpAccess(context, accessKeyId, bucketName)
  if (bucket) {
    noteBucket(exchange.facts, bucket.record)
    options.extraHeaders.push(...actualCorsHeaders(bucket.record, head.method, head.headers))
  }
  if (!isSigned)
    return {
      credential: null,
      bucket,
      signature: null,
      payload: authentication.payload,
      chunkVerifier: refuseSignedChunks,
    }
  exchange.facts.accessKeyId = authentication.accessKeyId
  exchange.facts.signatureVersion = 'SigV4'
  exchange.facts.authenticationType = authentication.type === 'header' ? 'AuthHeader' : 'QueryString'
  if (credential === null)
    throw new AuthenticationFailure(
      'access-key-unknown',
      `access key id ${authentication.accessKeyId} does not exist`,
      { accessKeyId: authentication.accessKeyId },
    )
  const verified = verifyAuthentication({
    head,
    authentication,
    rules: S3_RULES,
    credential: {
      accessKeyId: credential.accessKeyId,
      secretVersion: credential.secretVersion,
      openSecret: () => credential.secret(),
    },
    keys: options.keys,
    nowMs: exchange.receivedAt,
    ...(bucket && { region: bucket.record.region }),
  })
  exchange.client.noteVerified(credential.accessKeyId)
  return {
    credential,
    bucket,
    signature: authentication,
    payload: authentication.payload,
    chunkVerifier: () => new ChunkSignatures(verified),
  }
}

function refuseSignedChunks(): never {
  throw new AuthenticationFailure('payload-hash-malformed', 'signed chunks need a signed request')
}
