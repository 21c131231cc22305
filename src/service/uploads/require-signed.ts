import { DomainError } from '../errors/domain-error.ts'
import type { Principal } from '../principal.ts'

/**
 * Uploads in parts are for those who say who they are, whatever a policy or ACL lets everyone write, as in S3: what is begun has an initiator.
 * Throws `AnonymousUpload`.
 */
export function requireSigned(principal: Principal, step: 'beginning' | 'continuation'): void {
  if (principal.type !== 'anonymous') return
  throw new DomainError('AnonymousUpload', { step })
}
