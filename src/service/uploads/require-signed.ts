import { ServiceError } from '../errors.ts'
import type { Principal } from '../principal.ts'

/**
 * Uploads in parts are for those who say who they are, whatever a policy or ACL lets everyone write, as in S3: what is begun has an initiator.
 * Throws `AccessDenied`.
 */
export function requireSigned(principal: Principal, step: 'beginning' | 'continuation'): void {
  if (principal.type !== 'anonymous') return
  // In S3's words, with its two spaces.
  throw new ServiceError(
    'AccessDenied',
    step === 'beginning'
      ? 'Anonymous users cannot initiate multipart uploads.  Please authenticate.'
      : undefined,
  )
}
