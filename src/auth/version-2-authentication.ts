import { createHmac } from 'node:crypto'
import type { Version2Authentication } from './authentication.ts'
import { AuthenticationFailure } from './authentication-failure.ts'
import { ACCESS_KEY_ID_LENGTH_MAX } from './credential.ts'
import { isoSeconds } from '../base/iso-seconds.ts'
import { refuseTwofold, unsignedPayload } from './parse-authentication.ts'
import type { RequestHead } from './request-head.ts'
import { areEqualSignatures } from './signature-comparison.ts'
import type { SigningCredential } from './signing-key-cache.ts'

/** S3 takes what a signed number of 32 bits holds: until January 2038. */
const EXPIRES_MAX = 2 ** 31 - 1

/** What stands before an argument's value where one is: it is signed decoded. */
const valueText = (value: string): string => (value === '' ? '' : `=${Buffer.from(value).toString('latin1')}`)

/**
 * Reads the signature of a URL presigned by version 2; null: the request is none. Throws {@link AuthenticationFailure} `authorization-twofold`,
 * `version-2-incomplete`, `version-2-expires-malformed`.
 */
export function parseVersion2(head: RequestHead): Version2Authentication | null {
  const { version2 } = head
  if (version2 === null) return null
  refuseTwofold(head)
  const { accessKeyId, signature, expires } = version2
  if (accessKeyId === '' || signature === '' || expires === '')
    throw new AuthenticationFailure(
      'version-2-incomplete',
      'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
    )
  if (accessKeyId.length > ACCESS_KEY_ID_LENGTH_MAX)
    throw new AuthenticationFailure('access-key-unknown', 'an access key id of this length does not exist')
  const seconds = /^\d{1,16}$/.test(expires) ? Number(expires) : NaN
  if (!(seconds <= EXPIRES_MAX))
    throw new AuthenticationFailure(
      'version-2-expires-malformed',
      `Invalid date (should be seconds since epoch): ${expires.slice(0, 64)}`,
    )
  const sessionToken = head.headers['x-amz-security-token']
  return {
    type: 'query-version-2',
    accessKeyId,
    signature,
    expires,
    expiresAt: seconds * 1000,
    payload: unsignedPayload(head),
    ...(typeof sessionToken === 'string' && { sessionToken }),
  }
}

interface VerifyVersion2Input {
  readonly head: RequestHead
  /** As {@link parseVersion2} read it from that head. */
  readonly authentication: Version2Authentication
  /** The path with the bucket in front, as it may have been signed: one of them is. */
  readonly resources: readonly string[]
  readonly credential: SigningCredential
}

/** Throws {@link AuthenticationFailure} `request-expired` for a URL presigned by version 2 after its time. */
export function verifyVersion2Time({ expiresAt }: Version2Authentication, nowMs: number): void {
  if (nowMs <= expiresAt) return
  throw new AuthenticationFailure('request-expired', 'the presigned URL has expired', {
    expires: isoSeconds(expiresAt),
    serverTime: isoSeconds(nowMs),
  })
}

/** Throws {@link AuthenticationFailure} `signature-mismatch`. */
export function verifyVersion2({ head, authentication, resources, credential }: VerifyVersion2Input): void {
  const secret = credential.openSecret()
  const texts = resources.map((resource) => version2StringToSign(head, resource))
  const isRight = texts.some((text) =>
    areEqualSignatures(signVersion2(secret, text), authentication.signature),
  )
  if (isRight) return
  const [text = ''] = texts
  throw new AuthenticationFailure(
    'signature-mismatch',
    'the signature calculated from the request differs from the one provided; check the secret access key and what is signed',
    {
      accessKeyId: authentication.accessKeyId,
      signatureProvided: authentication.signature,
      // Unlike version 4's it holds the headers themselves.
      ...(!text.includes('customer-key:') && { stringToSign: Buffer.from(text, 'latin1').toString() }),
    },
  )
}

/**
 * What version 2 signs of a request in its query, one character per byte; `resource`: the path, as it is sent, with the bucket in front. Only for a
 * head that is so signed.
 */
export function version2StringToSign(head: RequestHead, resource: string): string {
  const { method, headers, version2 } = head
  if (version2 === null) throw new TypeError('the request is not presigned by version 2')
  const signed = [...version2.signed.values]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => name + valueText(value))
    .join('&')
  const lines = [method, headers['content-md5'] ?? '', headers['content-type'] ?? '', version2.expires]
  return `${lines.join('\n')}\n${version2.headerLines}${resource}${signed === '' ? '' : `?${signed}`}`
}

/** HMAC-SHA1 of a text of one character per byte, in base64: the signature of version 2. */
export function signVersion2(secretAccessKey: string, text: string): string {
  return createHmac('sha1', secretAccessKey).update(text, 'latin1').digest('base64')
}
