import { AuthenticationFailure } from './authentication-failure.ts'

/** The failure of a request whose access key does not count. `fault`: `is inactive`, `expired at …`; null: there is none of that id. */
export function refusedAccessKey(accessKeyId: string, fault: string | null): AuthenticationFailure {
  const details = { accessKeyId }
  return fault === null
    ? new AuthenticationFailure('access-key-unknown', `access key id ${accessKeyId} does not exist`, details)
    : new AuthenticationFailure('access-key-stopped', `The AWS Access Key Id you provided ${fault}.`, details)
}
