import { ChunkSignatures } from '../auth/chunk-signature.ts'
import { AuthenticationFailure } from '../auth/authentication-failure.ts'
import type { SignedAuthentication, Version2Authentication } from '../auth/authentication.ts'
import type { PayloadHash } from '../auth/payload-hash.ts'
import { parseAuthentication, version2Refused } from '../auth/parse-authentication.ts'
import type { RequestHead } from '../auth/request-head.ts'
import { refusedAccessKey } from '../auth/refused-access-key.ts'
import { S3_RULES } from '../auth/service-rules.ts'
import type { SigningKeyCache } from '../auth/signing-key-cache.ts'
import { isVerified } from '../auth/is-verified.ts'
import { verifyCircumstances, verifySignature } from '../auth/verify-authentication.ts'
import { parseVersion2, verifyVersion2, verifyVersion2Time } from '../auth/version-2-authentication.ts'
import type { Exchange } from '../api/exchange.ts'
import { noteSigner } from '../api/note-signer.ts'
import type { ChunkVerifier } from '../protocol/aws-chunked/chunk-verifier.ts'
import type { StoredBucket } from '../service/admission.ts'
import type { ServiceContext } from '../service/context.ts'
import { noteBucket } from './access-log/note-bucket.ts'
import { actualCorsHeaders } from './cors/cors-response.ts'
import type { FoundCredential } from '../service/credentials/access-cache.ts'
import { lookUpAccess } from '../service/credentials/look-up-access.ts'
import { describeRefusal } from '../service/credentials/refused-key.ts'
import { S3Error } from './s3-error.ts'
import type { SenderFacts } from '../service/authorization/request-facts.ts'
import type { Address } from './request/address.ts'
import { version2Resources } from './request/version-2-resources.ts'

/** Who asks, as far as the request's signature proves it, and the bucket that was read on the way. */
interface Authenticated {
  /** Null: anonymous. */
  readonly credential: FoundCredential | null
  readonly bucket: StoredBucket | null
  /** The region that the request was signed for; null: anonymous, or signed by version 2, which names none. */
  readonly signedRegion: string | null
  /** What the rules of access may look at of the signature. */
  readonly signatureFacts: SignatureFacts
  /** What the signature says about the body. */
  readonly payload: PayloadHash | null
  /** Checks the signatures of the body's chunks, where it has them. */
  chunkVerifier(): ChunkVerifier
}

/** What the rules of access may look at of a signature. */
export type SignatureFacts = Pick<SenderFacts, 'authenticationType' | 'signatureVersion' | 'signatureAgeMs'>

interface AuthenticateOptions {
  readonly context: ServiceContext
  readonly keys: SigningKeyCache
  readonly exchange: Exchange
  readonly head: RequestHead
  readonly address: Address
  /** Whether the request makes the bucket that it addresses. */
  readonly makesBucket: boolean
  /** Gets what the bucket's rules say to a page of another origin, which may read a refusal, too. */
  readonly extraHeaders: string[]
}

/**
 * Reads the signature, looks up its key and the bucket in one round trip, and verifies. The order of refusals is S3's: what is malformed,
 * the region, the time, what is not signed, an unknown key, the signature. Throws {@link AuthenticationFailure}.
 */
export async function authenticate(options: AuthenticateOptions): Promise<Authenticated> {
  const { context, exchange, head, address } = options
  const authentication = readAuthentication(options)
  const isSigned = authentication.type !== 'anonymous'
  const accessKeyId = isSigned ? authentication.accessKeyId : null
  if (accessKeyId !== null && exchange.client.isHeldOff(accessKeyId)) throw new S3Error('SlowDown')
  const bucketName = options.makesBucket ? null : address.bucketName
  const { credential, refusal, stopped, bucket } = await lookUpAccess(
    context,
    accessKeyId,
    bucketName,
    isSigned ? authentication.sessionToken : undefined,
  )
  if (bucket) {
    noteBucket(exchange.facts, bucket.record)
    options.extraHeaders.push(...actualCorsHeaders(bucket.record, head.method, head.headers))
  }
  if (!isSigned)
    return {
      credential: null,
      bucket,
      signedRegion: null,
      signatureFacts: {},
      payload: authentication.payload,
      chunkVerifier: refuseSignedChunks,
    }
  const isVersion2 = authentication.type === 'query-version-2'
  exchange.facts.accessKeyId = authentication.accessKeyId
  exchange.facts.signatureVersion = isVersion2 ? 'SigV2' : 'SigV4'
  exchange.facts.authenticationType = authentication.type === 'header' ? 'AuthHeader' : 'QueryString'
  if (isVersion2) verifyVersion2Time(authentication, exchange.receivedAt)
  else
    verifyCircumstances({
      head,
      authentication,
      rules: S3_RULES,
      nowMs: exchange.receivedAt,
      signersNowMs: context.clock.clientsNow?.(),
      ...(bucket && { region: bucket.record.region }),
    })
  const verified = (by: FoundCredential): Verified =>
    isVersion2
      ? verifiedByVersion2(options, authentication, by)
      : verifiedByVersion4(options, authentication, by)
  if (credential === null) {
    // Whoever still has the secret of a key that was stopped is told of as its user.
    if (stopped && isVerified(() => verified(stopped))) noteSigner(exchange.facts, stopped, true)
    throw refusedAccessKey(authentication.accessKeyId, refusal && describeRefusal(refusal))
  }
  const who = verified(credential)
  noteSigner(exchange.facts, credential)
  exchange.client.noteVerified(credential.accessKeyId)
  return { credential, bucket, payload: authentication.payload, ...who }
}

/** Throws {@link AuthenticationFailure} for what is malformed, and for version 2 where it is not taken. */
function readAuthentication({ context, head, makesBucket }: AuthenticateOptions) {
  if (context.settings.refusesPresignedVersion2) return parseAuthentication(head, S3_RULES)
  const authentication = parseVersion2(head)
  if (authentication && makesBucket)
    throw version2Refused(
      'A bucket is made in the region that a request is signed for, and version 2 names none.',
    )
  return authentication ?? parseAuthentication(head, S3_RULES)
}

type Verified = Pick<Authenticated, 'signedRegion' | 'signatureFacts' | 'chunkVerifier'>

function verifiedByVersion4(
  { head, keys, exchange }: AuthenticateOptions,
  authentication: SignedAuthentication,
  credential: FoundCredential,
): Verified {
  const verified = verifySignature({
    head,
    authentication,
    rules: S3_RULES,
    credential: signingCredential(credential),
    keys,
  })
  return {
    signedRegion: authentication.scope.region,
    signatureFacts: {
      authenticationType: authentication.type === 'header' ? 'REST-HEADER' : 'REST-QUERY-STRING',
      signatureAgeMs: exchange.receivedAt - authentication.signedAt,
    },
    chunkVerifier: () => new ChunkSignatures(verified),
  }
}

function verifiedByVersion2(
  { head, address }: AuthenticateOptions,
  authentication: Version2Authentication,
  credential: FoundCredential,
): Verified {
  verifyVersion2({
    head,
    authentication,
    resources: version2Resources(address),
    credential: signingCredential(credential),
  })
  return {
    signedRegion: null,
    signatureFacts: { authenticationType: 'REST-QUERY-STRING', signatureVersion: 'AWS' },
    chunkVerifier: refuseSignedChunks,
  }
}

function signingCredential(credential: FoundCredential) {
  const { accessKeyId, secretVersion } = credential
  return { accessKeyId, secretVersion, openSecret: () => credential.secret() }
}

function refuseSignedChunks(): never {
  throw new AuthenticationFailure('payload-hash-unsigned', 'signed chunks need a signed request')
}
