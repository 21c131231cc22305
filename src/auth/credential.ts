import { isScopeDate } from './amz-date.ts'
import type { AuthenticationFailureReason, SignaturePlace } from './authentication-failure.ts'
import { AuthenticationFailure } from './authentication-failure.ts'
import type { ServiceRules } from './service-rules.ts'
import type { SigningScope } from './signing-key.ts'

/** Longest access key id that is looked up. */
export const ACCESS_KEY_ID_LENGTH_MAX = 128
/** Longest text of a client that a message repeats. */
const SHOWN_LENGTH_MAX = 64

interface Credential {
  readonly accessKeyId: string
  readonly scope: SigningScope
}

const MALFORMED: Readonly<Record<SignaturePlace, AuthenticationFailureReason>> = {
  header: 'authorization-malformed',
  query: 'query-malformed',
  form: 'form-field-malformed',
}

/** How S3 begins what it says of a credential. */
const BEGINNINGS: Readonly<Record<SignaturePlace, string>> = {
  header: 'The authorization header is malformed; ',
  query: 'Error parsing the X-Amz-Credential parameter; ',
  form: 'Error parsing the X-Amz-Credential field; ',
}

/** A fault of a credential, in the words of S3. */
export function credentialFault(
  reason: AuthenticationFailureReason,
  place: SignaturePlace,
  fault: string,
  details: Readonly<Record<string, string>> = {},
): AuthenticationFailure {
  return new AuthenticationFailure(reason, BEGINNINGS[place] + fault, details, place)
}

/**
 * Reads `<access key id>/<date>/<region>/<service>/aws4_request`. Throws `authorization-malformed`, `query-malformed` or `form-field-malformed`
 * when it is no such text, and `service-wrong` when it names another service than the rules'.
 */
export function parseCredential(text: string, rules: ServiceRules, place: SignaturePlace): Credential {
  const parts = text.split('/')
  const [accessKeyId = '', date = '', region = '', service = '', terminal = ''] = parts
  const malformed = (fault: string) => credentialFault(MALFORMED[place], place, fault)
  if (parts.length !== 5 || accessKeyId === '' || accessKeyId.length > ACCESS_KEY_ID_LENGTH_MAX)
    throw malformed(
      'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    )
  if (!isScopeDate(date))
    throw malformed(
      `incorrect date format "${shown(date)}". This date in the credential must be in the format "yyyyMMdd".`,
    )
  if (region === '') throw malformed('a non-empty region must be provided in the credential.')
  if (service !== rules.service)
    throw credentialFault(
      'service-wrong',
      place,
      `incorrect service "${shown(service)}". This endpoint belongs to "${rules.service}".`,
      { expectedService: rules.service },
    )
  if (terminal !== 'aws4_request')
    throw malformed(`incorrect terminal "${shown(terminal)}". This endpoint uses "aws4_request".`)
  return { accessKeyId, scope: { date, region, service } }
}

/** What a message repeats of a text that may be anything: no control characters, and not all of a long one. */
export function shown(text: string): string {
  return text.slice(0, SHOWN_LENGTH_MAX).replace(/[^\x20-\x7e]/g, '?')
}
