import type { SignedAuthentication } from './authentication.ts'
import { AuthenticationFailure, type SignaturePlace } from './authentication-failure.ts'
import { canonicalRequest, stringToSign } from './canonical-request.ts'
import { credentialFault } from './credential.ts'
import { isoSeconds } from '../base/iso-seconds.ts'
import { EMPTY_SHA256 } from './payload-hash.ts'
import type { RequestHead } from './request-head.ts'
import type { ServiceRules } from './service-rules.ts'
import type { SigningKey, SigningScope } from './signing-key.ts'
import { formatScope } from './signing-key.ts'
import type { SigningCredential, SigningKeyCache } from './signing-key-cache.ts'
import { SKEW_MS_MAX } from './clock-skew.ts'

interface VerifyInput {
  readonly head: RequestHead
  /** As {@link parseAuthentication} read it from that head. */
  readonly authentication: SignedAuthentication
  readonly rules: ServiceRules
  /** What is stored about the access key id; the caller has looked it up. */
  readonly credential: SigningCredential
  readonly keys: SigningKeyCache
  /** The current instant, in epoch milliseconds. */
  readonly nowMs: number
  /** What the clocks of signers may show, at the earliest and at the latest, if that is something else. */
  readonly signersNowMs?: readonly [earliest: number, latest: number] | undefined
  /** The only region taken; every one of the list when absent. */
  readonly region?: string
  /** Hexadecimal SHA-256 of the body, where the rules sign the body itself; of no bytes when absent. */
  readonly bodySha256?: string
}

/** A request whose signature is right, and what the signatures of its chunks go on from. */
interface VerifiedAuthentication {
  readonly signingKey: SigningKey
  /** The signature that the first chunk's signature includes. */
  readonly signature: string
  /** `20130524/us-east-1/s3/aws4_request` */
  readonly scope: string
  readonly timestamp: string
}

/**
 * Throws AuthenticationFailure `region-wrong` unless the credential is scoped to that region; undefined takes every one that there is. What is no
 * region is not repeated in the message: it may be any text.
 */
export function verifyRegion(
  { region }: SigningScope,
  place: SignaturePlace,
  rules: ServiceRules,
  expectedRegion: string | undefined,
): void {
  const exists = rules.isRegion(region)
  if (expectedRegion === undefined ? exists : region === expectedRegion) return
  const got = exists ? `the region '${region}' is wrong` : 'the region does not exist'
  if (expectedRegion === undefined) throw credentialFault('region-wrong', place, got)
  throw credentialFault('region-wrong', place, `${got}; expecting '${expectedRegion}'`, { expectedRegion })
}

/** What can be said of a signature before its key is known. */
type CircumstancesInput = Pick<
  VerifyInput,
  'head' | 'authentication' | 'rules' | 'nowMs' | 'signersNowMs' | 'region'
>

/** Checks region, time and covered headers, in this order. Throws {@link AuthenticationFailure} at the first that is not right. */
export function verifyCircumstances({
  head,
  authentication,
  rules,
  nowMs,
  signersNowMs,
  region,
}: CircumstancesInput): void {
  verifyRegion(authentication.scope, authentication.type, rules, region)
  verifyTime(authentication, nowMs, signersNowMs)
  verifySignedHeaders(head, authentication, rules)
}

/** Checks all of {@link verifyCircumstances}, and the signature. Throws {@link AuthenticationFailure} at the first that is not right. */
export function verifyAuthentication(input: VerifyInput): VerifiedAuthentication {
  verifyCircumstances(input)
  return verifySignature(input)
}

/** Checks the signature alone. Throws {@link AuthenticationFailure} `signature-mismatch`. */
export function verifySignature(
  input: Omit<VerifyInput, 'nowMs' | 'signersNowMs' | 'region'>,
): VerifiedAuthentication {
  const { head, authentication, rules } = input
  const { scope, signature, timestamp } = authentication
  const canonical = canonicalRequest({
    head,
    pathRule: rules.pathRule,
    signedHeaders: authentication.signedHeaders,
    payloadHash: authentication.payload?.text ?? input.bodySha256 ?? EMPTY_SHA256,
    omitsSignature: authentication.type === 'query',
  })
  const scopeText = formatScope(scope)
  const text = stringToSign(canonical, timestamp, scopeText)
  const signingKey = input.keys.verify(input.credential, scope, { text, signature })
  if (signingKey === null) {
    throw new AuthenticationFailure(
      'signature-mismatch',
      'the signature calculated from the request differs from the one provided; check the secret access key and what is signed',
      mismatchDetails(authentication, text, canonical),
    )
  }
  return { signingKey, signature, scope: scopeText, timestamp }
}

function verifyTime(
  authentication: SignedAuthentication,
  nowMs: number,
  signersNowMs: VerifyInput['signersNowMs'],
): void {
  const { signedAt, expiresSeconds, timestamp } = authentication
  if (expiresSeconds === undefined) {
    const [earliest, latest] = signersNowMs ?? [nowMs, nowMs]
    if (signedAt >= earliest - SKEW_MS_MAX && signedAt <= latest + SKEW_MS_MAX) return
    throw new AuthenticationFailure(
      'request-skewed',
      `the request's time must be within ${SKEW_MS_MAX / 60_000} minutes of the server's`,
      { requestTime: timestamp, serverTime: isoSeconds(nowMs), skewMillisecondsMax: SKEW_MS_MAX },
    )
  }
  if (signedAt - nowMs > SKEW_MS_MAX) {
    throw new AuthenticationFailure('request-not-yet-valid', 'the presigned URL is not valid yet', {
      requestTime: timestamp,
      serverTime: isoSeconds(nowMs),
    })
  }
  const expiresAt = signedAt + expiresSeconds * 1000
  if (nowMs > expiresAt) {
    throw new AuthenticationFailure('request-expired', 'the presigned URL has expired', {
      expiresSeconds,
      expires: isoSeconds(expiresAt),
      serverTime: isoSeconds(nowMs),
    })
  }
}

/**
 * `host` must be signed, and under S3's rules every x-amz-* header, since an unsigned one could be added by anybody on the way. One that the
 * query of a presigned URL carries is signed with the query. x-amz-content-sha256 is covered without being listed: its value is the
 * canonical request's last line.
 */
function verifySignedHeaders(
  { headers, carried }: RequestHead,
  authentication: SignedAuthentication,
  rules: ServiceRules,
): void {
  const framed = `;${authentication.signedHeaders};`
  let missing = framed.includes(';host;') ? '' : 'host'
  if (rules.amzHeadersMustBeSigned) {
    for (const name in headers) {
      if (!name.startsWith('x-amz-') || framed.includes(`;${name};`)) continue
      if (carried?.[name] !== undefined && carried[name] === headers[name]) continue
      if (name === 'x-amz-content-sha256' && headers[name] === authentication.payload?.text) continue
      missing += missing === '' ? name : `, ${name}`
    }
  }
  if (missing === '') return
  throw new AuthenticationFailure('headers-not-signed', `headers must be signed that are not: ${missing}`, {
    headersNotSigned: missing,
  })
}

/** Headers and arguments that hold keys or tokens; a canonical request with one of them is not shown. */
const SENSITIVE = ['security-token', 'Security-Token', 'customer-key:']

/** What a client's author needs to see where the two sides differ. */
function mismatchDetails(
  authentication: SignedAuthentication,
  text: string,
  canonical: string,
): Readonly<Record<string, string>> {
  return {
    accessKeyId: authentication.accessKeyId,
    signatureProvided: authentication.signature,
    stringToSign: text,
    ...(!SENSITIVE.some((name) => canonical.includes(name)) && { canonicalRequest: canonical }),
  }
}
