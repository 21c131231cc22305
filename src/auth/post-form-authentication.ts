import { parseAmzDate } from './amz-date.ts'
import { AuthenticationFailure } from './authentication-failure.ts'
import { ALGORITHM } from './canonical-request.ts'
import { parseCredential } from './credential.ts'
import { EXPIRES_SECONDS_MAX } from './parse-presigned-query.ts'
import { S3_RULES } from './service-rules.ts'
import type { SigningScope } from './signing-key.ts'
import type { SigningCredential, SigningKeyCache } from './signing-key-cache.ts'
import { areEqualSignatures } from './signature-comparison.ts'
import { SKEW_MS_MAX } from './clock-skew.ts'
import { verifyRegion } from './verify-authentication.ts'
import { signVersion2 } from './version-2-authentication.ts'

/** What a browser form says about who made it; nothing of it is verified yet. */
type PostFormAuthentication =
  | { readonly type: 'anonymous' }
  | {
      readonly type: 'version-4'
      readonly accessKeyId: string
      readonly scope: SigningScope
      readonly signature: string
      /** Epoch milliseconds. */
      readonly signedAt: number
      /** The field `policy` as it came: what is signed. */
      readonly policy: string
      readonly sessionToken?: string
    }
  /** HMAC-SHA1 over the policy, which existing sites keep using. */
  | {
      readonly type: 'version-2'
      readonly accessKeyId: string
      readonly signature: string
      readonly policy: string
      readonly sessionToken?: string
    }

const SIGNATURE_FIELDS = ['awsaccesskeyid', 'signature', 'x-amz-credential', 'x-amz-signature'] as const

/**
 * Finds out how a browser form is signed. `fields` are by lower-case name. Throws AuthenticationFailure `form-field-missing` and
 * `form-field-malformed`, `authorization-type-unsupported`, `service-wrong`, `date-scope-mismatch`.
 */
export function parsePostFormAuthentication(fields: ReadonlyMap<string, string>): PostFormAuthentication {
  const policy = fields.get('policy')
  if (policy === undefined) {
    if (SIGNATURE_FIELDS.some((name) => fields.has(name))) requiredField(fields, 'policy')
    return { type: 'anonymous' }
  }
  const sessionToken = fields.get('x-amz-security-token')
  const token = sessionToken === undefined ? {} : { sessionToken }
  const isVersion4 =
    fields.has('x-amz-algorithm') || fields.has('x-amz-signature') || fields.has('x-amz-credential')
  if (!isVersion4) {
    const accessKeyId = requiredField(fields, 'AWSAccessKeyId')
    return { type: 'version-2', accessKeyId, signature: requiredField(fields, 'Signature'), policy, ...token }
  }
  const algorithm = requiredField(fields, 'X-Amz-Algorithm')
  if (algorithm !== ALGORITHM) {
    throw new AuthenticationFailure(
      'authorization-type-unsupported',
      `form field x-amz-algorithm must be ${ALGORITHM}`,
      { argumentName: 'X-Amz-Algorithm', argumentValue: algorithm.slice(0, 64) },
    )
  }
  const credential = requiredField(fields, 'X-Amz-Credential')
  const { accessKeyId, scope } = parseCredential(credential, S3_RULES, 'form')
  const date = requiredField(fields, 'X-Amz-Date')
  const signedAt = parseAmzDate(date)
  if (signedAt === null) throw malformedDate(date)
  if (!date.startsWith(scope.date)) {
    throw new AuthenticationFailure(
      'date-scope-mismatch',
      'the day of form field x-amz-date must be the credential’s',
    )
  }
  const signature = requiredField(fields, 'X-Amz-Signature')
  return { type: 'version-4', accessKeyId, scope, signature, signedAt, policy, ...token }
}

interface VerifyPostFormInput {
  readonly authentication: Exclude<PostFormAuthentication, { type: 'anonymous' }>
  /** What is stored about the access key id; the caller has looked it up. */
  readonly credential: SigningCredential
  readonly keys: SigningKeyCache
  /** The current instant, in epoch milliseconds. */
  readonly nowMs: number
  /** The only region taken, where the signature names one; every one when absent. */
  readonly region?: string
}

/**
 * Checks a form's signature over its policy; the policy itself says until when it is valid. Throws AuthenticationFailure
 * `region-wrong`, `request-expired`, `request-not-yet-valid` and `signature-mismatch`.
 */
export function verifyPostForm({
  authentication,
  credential,
  keys,
  nowMs,
  region,
}: VerifyPostFormInput): void {
  if (authentication.type === 'version-4') {
    verifyRegion(authentication.scope, 'form', S3_RULES, region)
    verifyFormDate(authentication.signedAt, nowMs)
  }
  const { policy, signature } = authentication
  const isRight =
    authentication.type === 'version-4'
      ? keys.verify(credential, authentication.scope, { text: policy, signature }) !== null
      : areEqualSignatures(signVersion2(credential.openSecret(), policy), signature)
  if (isRight) return
  throw new AuthenticationFailure(
    'signature-mismatch',
    'the signature calculated from the form’s policy differs from the one provided; check the secret access key',
    {
      accessKeyId: authentication.accessKeyId,
      stringToSign: policy,
      signatureProvided: authentication.signature,
    },
  )
}

/** As presigned URLs, a form is good for a week after its date at most, and not before it, whatever its policy says. */
function verifyFormDate(signedAt: number, nowMs: number): void {
  if (signedAt - nowMs > SKEW_MS_MAX)
    throw new AuthenticationFailure('request-not-yet-valid', 'the form is not valid yet')
  if (nowMs > signedAt + EXPIRES_SECONDS_MAX * 1000)
    throw new AuthenticationFailure('request-expired', 'Request has expired')
}

function requiredField(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name.toLowerCase())
  if (value !== undefined && value !== '') return value
  throw new AuthenticationFailure(
    'form-field-missing',
    `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
    { argumentName: name, argumentValue: '' },
  )
}

function malformedDate(date: string): AuthenticationFailure {
  return new AuthenticationFailure(
    'form-field-malformed',
    'form field x-amz-date must have the form YYYYMMDDTHHMMSSZ',
    { argumentName: 'X-Amz-Date', argumentValue: date.slice(0, 64) },
  )
}
