import { isScopeDate } from './amz-date.ts'
import type { AuthenticationFailureReason } from './authentication-failure.ts'
import { AuthenticationFailure } from './authentication-failure.ts'
import type { ServiceRules } from './service-rules.ts'
import type { SigningScope } from './signing-key.ts'

/** Longest access key id that is looked up. */
const ACCESS_KEY_ID_LENGTH_MAX = 128

interface Credential {
  readonly accessKeyId: string
  readonly scope: SigningScope
}

/**
 * Reads `<access key id>/<date>/<region>/<service>/aws4_request`. Throws `malformedReason` when it is no such text, and `service-wrong`
 * when it names another service than the rules'.
 */
export function parseCredential(
  text: string,
  rules: ServiceRules,
  malformedReason: AuthenticationFailureReason,
): Credential {
  const parts = text.split('/')
  const [accessKeyId = '', date = '', region = '', service = '', terminal = ''] = parts
  const problem = findProblem(parts.length, accessKeyId, date, region, terminal)
  if (problem !== null)
    throw new AuthenticationFailure(malformedReason, `the credential is malformed; ${problem}`)
  if (service !== rules.service) {
    throw new AuthenticationFailure(
      'service-wrong',
      `the credential must be scoped to service "${rules.service}"`,
      { expectedService: rules.service },
    )
  }
  return { accessKeyId, scope: { date, region, service } }
}

function findProblem(
  partCount: number,
  accessKeyId: string,
  date: string,
  region: string,
  terminal: string,
): string | null {
  if (partCount !== 5) return 'expected <access key id>/YYYYMMDD/REGION/SERVICE/aws4_request'
  if (accessKeyId === '' || accessKeyId.length > ACCESS_KEY_ID_LENGTH_MAX) {
    return `expected an access key id of 1 to ${ACCESS_KEY_ID_LENGTH_MAX} characters`
  }
  if (!isScopeDate(date)) return `expected a date of the form YYYYMMDD`
  if (region === '') return 'expected a region, got none'
  return terminal === 'aws4_request' ? null : 'expected the last part to be "aws4_request"'
}
