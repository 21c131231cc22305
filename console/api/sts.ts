import { SigningSecret } from '../signing/signing-secret.ts'
import type { Signer } from '../signing/sign-request.ts'
import { encodeQuery } from '../signing/percent-encoding.ts'
import { ApiError } from './api-error.ts'
import { parseXml, textOf } from './s3/xml.ts'
import { send } from './send.ts'

/** Temporary credentials that stand for the key that asked. */
export interface SessionCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

/** Any region does: STS has none. */
const REGION = 'us-east-1'

/** Asks for temporary credentials (GetSessionToken), for as long as there are. Throws ApiError. */
export async function getSessionToken(signer: Signer, signal?: AbortSignal): Promise<SessionCredentials> {
  const response = await send(
    { signer: () => Promise.resolve(signer) },
    {
      service: 'sts',
      region: REGION,
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: encodeQuery({ Action: 'GetSessionToken', Version: '2011-06-15' }),
      isIdempotent: true,
      signal,
    },
  )
  const document = parseXml(await response.text())
  const member = (name: string): string => {
    const text = textOf(document, name)
    if (text === null) throw new ApiError('Unreadable', `The answer has no ${name}.`)
    return text
  }
  return {
    accessKeyId: member('AccessKeyId'),
    secretAccessKey: member('SecretAccessKey'),
    sessionToken: member('SessionToken'),
    expiresAt: Date.parse(member('Expiration')),
  }
}

/** Temporary credentials, ready to sign. */
export const signerOf = ({ accessKeyId, secretAccessKey, sessionToken }: SessionCredentials): Signer => ({
  accessKeyId,
  secret: new SigningSecret(secretAccessKey),
  sessionToken,
})
