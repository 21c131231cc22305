import { DomainError } from '../errors/domain-error.ts'

/**
 * Lets whoever is known replace headers of a response: what anybody may link to must not look otherwise than its owner left it. Throws `AnonymousOverrides`.
 */
export function checkResponseOverrides(
  overrides: Readonly<Record<string, string>>,
  isAnonymous: boolean,
): void {
  if (isAnonymous && Object.keys(overrides).length > 0) throw new DomainError('AnonymousOverrides')
}
