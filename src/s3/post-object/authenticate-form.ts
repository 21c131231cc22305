import { parsePostPolicy, type PostPolicy } from '../../auth/parse-post-policy.ts'
import { parsePostFormAuthentication, verifyPostForm } from '../../auth/post-form-authentication.ts'
import { evaluatePostPolicy } from '../../auth/post-policy.ts'
import { isVerified } from '../../auth/is-verified.ts'
import { refusedAccessKey } from '../../auth/refused-access-key.ts'
import type { SigningKeyCache } from '../../auth/signing-key-cache.ts'
import type { Exchange } from '../../api/exchange.ts'
import { noteSigner } from '../../api/note-signer.ts'
import type { StoredBucket } from '../../service/admission.ts'
import type { ServiceContext } from '../../service/context.ts'
import type { FoundCredential } from '../../service/credentials/access-cache.ts'
import { lookUpAccess } from '../../service/credentials/look-up-access.ts'
import { describeRefusal } from '../../service/credentials/refused-key.ts'
import { S3Error } from '../s3-error.ts'
import type { SenderFacts } from '../../service/authorization/request-facts.ts'
import type { BucketRecord } from '../../service/records/bucket.ts'

interface FormAuthentication {
  /** Null: anonymous. */
  readonly credential: FoundCredential | null
  readonly bucket: StoredBucket
  /** Bounds of the file that the policy sets; null: none. */
  readonly sizeBytes: PostPolicy['sizeBytes']
  /** What the rules of access may look at of the signature. */
  readonly facts: Pick<SenderFacts, 'signatureVersion' | 'signatureAgeMs'>
}

interface AuthenticateFormOptions {
  readonly context: ServiceContext
  readonly keys: SigningKeyCache
  readonly bucketName: string
  /** By lower-case name; `key` with the file's name put in. */
  readonly fields: ReadonlyMap<string, string>
  /** Epoch milliseconds. */
  readonly now: number
  readonly exchange: Pick<Exchange, 'client' | 'facts'>
  /** Hears of the bucket as soon as it was read: refused forms are logged, and answered to pages of other origins, too. */
  readonly onBucket: (bucket: BucketRecord) => void
}

/** Verifies a form's signature over its policy, and holds the form against the policy. Throws AuthenticationFailure, `NoSuchBucket`. */
export async function authenticateForm(options: AuthenticateFormOptions): Promise<FormAuthentication> {
  const { context, keys, bucketName, fields, now, exchange, onBucket } = options
  const { client, facts: exchangeFacts } = exchange
  const authentication = parsePostFormAuthentication(fields)
  const isSigned = authentication.type !== 'anonymous'
  if (isSigned && client.isHeldOff(authentication.accessKeyId)) throw new S3Error('SlowDown')
  const { credential, refusal, stopped, bucket } = await lookUpAccess(
    context,
    isSigned ? authentication.accessKeyId : null,
    bucketName,
    isSigned ? authentication.sessionToken : undefined,
  )
  if (bucket) onBucket(bucket.record)
  if (!isSigned) {
    if (!bucket) throw new S3Error('NoSuchBucket')
    return { credential: null, bucket, sizeBytes: null, facts: {} }
  }
  const { accessKeyId } = authentication
  const verify = (by: FoundCredential): void =>
    verifyPostForm({
      authentication,
      credential: { accessKeyId, secretVersion: by.secretVersion, openSecret: () => by.secret() },
      keys,
      nowMs: now,
      ...(bucket && { region: bucket.record.region }),
    })
  if (!credential) {
    if (stopped && isVerified(() => verify(stopped))) noteSigner(exchangeFacts, stopped, true)
    throw refusedAccessKey(accessKeyId, refusal && describeRefusal(refusal))
  }
  verify(credential)
  noteSigner(exchangeFacts, credential)
  client.noteVerified(accessKeyId)
  if (!bucket) throw new S3Error('NoSuchBucket')
  const policy = parsePostPolicy(authentication.policy)
  evaluatePostPolicy({ policy, fields, bucketName, nowMs: now })
  const facts: FormAuthentication['facts'] =
    authentication.type === 'version-2'
      ? { signatureVersion: 'AWS' }
      : { signatureAgeMs: now - authentication.signedAt }
  return { credential, bucket, sizeBytes: policy.sizeBytes, facts }
}
