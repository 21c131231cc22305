import { AuthenticationFailure } from './authentication-failure.ts'

/** Whether a verification finds nothing wrong, for one that nothing but a count depends on. */
export function isVerified(verify: () => unknown): boolean {
  try {
    verify()
    return true
  } catch (error) {
    if (error instanceof AuthenticationFailure) return false
    throw error
  }
}
