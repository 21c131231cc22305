import { displayText } from '../../client/python-text.ts'
import { parseTimestamp } from '../../client/timestamp.ts'
import type { WireValue } from '../../client/values.ts'
import { CredentialError } from './credential-error.ts'

/** Reads when credentials end, as milliseconds since the epoch. @throws CredentialError when it is not a time. */
export function readExpiration(expiration: WireValue): number {
  const expiry = parseTimestamp(expiration)
  if (expiry === undefined) throw new CredentialError(`Unknown string format: ${displayText(expiration)}`)
  return expiry.epochMicroseconds / 1000
}
