import { isLoopbackHost } from '../../base/loopback.ts'
import { hasWildcard } from '../authorization/policy/wildcard.ts'
import { invalid } from '../application-keys/key-description.ts'
import type { ServiceSettings } from '../context.ts'
import type { RoleTrust } from '../records/role.ts'

/** Issuers whose tokens anybody can get: a pattern for their subjects must say whose. */
const SHARED_ISSUERS: ReadonlySet<string> = new Set([
  'https://accounts.google.com',
  'https://agent.buildkite.com',
  'https://app.terraform.io',
  'https://gitlab.com',
  'https://oidc.vercel.com',
  'https://token.actions.githubusercontent.com',
])

/** The part of a pattern in front of its first wildcard names an owner and ends behind it: `repo:acme/`, `project_path:acme/`. */
const NAMES_OWNER = /^[\w-]+:[^:/]+[:/]/

/** Refuses a trust that would let in whom nobody meant. Throws `InvalidApplicationKey`. */
export function checkTrust(settings: ServiceSettings, trust: RoleTrust): void {
  const { issuer, audiences, authorizedParties, subjects, claims = [] } = trust
  const fault = issuerFault(settings, issuer)
  if (fault !== null) throw invalid(`trusts: the issuer ${issuer} ${fault}`)
  for (const [name, list] of Object.entries({ audiences, authorizedParties, subjects }))
    if (list?.length === 0) throw invalid(`trusts: ${name} must name at least one`)
  for (const { name, values } of claims)
    if (values.length === 0) throw invalid(`trusts: the claim ${name} must have at least one value`)
  for (const subject of subjects) {
    if (!hasWildcard(subject)) continue
    const beginning = /^[^*?]*/.exec(subject)?.[0] ?? ''
    if (beginning === '' && !claims.some(({ values }) => values.every(saysSomething)))
      throw invalid(
        `trusts: the subject ${subject} matches everybody whom ${issuer} knows: let it begin with what they have in common, or name claims`,
      )
    if (SHARED_ISSUERS.has(issuer) && !NAMES_OWNER.test(beginning))
      throw invalid(
        `trusts: everybody gets tokens of ${issuer}: the subject ${subject} must name the owner in front of its first wildcard, as repo:acme/* or project_path:acme/*`,
      )
  }
}

/** Whether a pattern tells anybody apart: one of wildcards alone matches whoever has the claim at all. */
const saysSomething = (pattern: string): boolean => /[^*?]/.test(pattern)

/** Why this server does not ask an issuer, to follow its name in a message; null: it does. */
export function issuerFault(settings: ServiceSettings, issuer: string): string | null {
  const { webIdentityIssuers, asksLoopbackIssuersPlainly } = settings
  const url = URL.canParse(issuer) ? new URL(issuer) : null
  if (!url || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return 'is no URL without user, query and fragment'
  if (url.protocol !== 'https:' && !(asksLoopbackIssuersPlainly && isLoopbackHost(url.hostname)))
    return 'must be https'
  if (webIdentityIssuers.length > 0 && !webIdentityIssuers.includes(issuer))
    return `is none of those that this server takes: ${webIdentityIssuers.join(', ')}`
  return null
}
