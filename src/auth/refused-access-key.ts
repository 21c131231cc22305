import { AuthenticationFailure } from './authentication-failure.ts'

/** What is wrong with the access key of a request, or with the session token that came with it. */
interface RefusedKey {
  readonly what: 'unknown' | 'key' | 'token' | 'token-expired'
  /** `is inactive`, `expired at …`; of a token, what it came from and what is wrong with that. Empty where there is no more to say. */
  readonly fault: string
}

/** The failure of a request whose access key does not count. Null: there is none of that id. */
export function refusedAccessKey(accessKeyId: string, refused: RefusedKey | null): AuthenticationFailure {
  const { what, fault } = refused ?? { what: 'unknown', fault: '' }
  const details = { accessKeyId }
  switch (what) {
    case 'unknown':
      return new AuthenticationFailure(
        'access-key-unknown',
        `access key id ${accessKeyId} does not exist`,
        details,
      )
    case 'key':
      return new AuthenticationFailure(
        'access-key-stopped',
        `The AWS Access Key Id you provided ${fault}.`,
        details,
      )
    case 'token':
      return new AuthenticationFailure(
        'session-token-invalid',
        fault === '' ? INVALID_TOKEN : `${INVALID_TOKEN} It does not count any more: ${fault}.`,
      )
    case 'token-expired':
      return new AuthenticationFailure('session-token-expired', 'The provided token has expired.')
  }
}

/** S3's sentence. */
const INVALID_TOKEN = 'The provided token is malformed or otherwise invalid.'
