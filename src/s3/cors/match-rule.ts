import type { CorsRule } from '../../service/records/bucket.ts'

/** What a browser asks to do on behalf of a page of another origin. */
export interface CorsQuestion {
  readonly origin: string
  readonly method: string
  /** Lower-case names of headers that the page wants to send; a preflight alone tells them. */
  readonly headers: readonly string[]
}

/** The first rule that allows it, or null; a bucket's rules are tried in their order. */
export function matchCorsRule(rules: readonly CorsRule[], question: CorsQuestion): CorsRule | null {
  return rules.find((rule) => allows(rule, question)) ?? null
}

function allows(rule: CorsRule, { origin, method, headers }: CorsQuestion): boolean {
  return (
    rule.allowedMethods.includes(method) &&
    rule.allowedOrigins.some((pattern) => matchesPattern(pattern, origin)) &&
    headers.every((header) =>
      (rule.allowedHeaders ?? []).some((pattern) => matchesPattern(pattern.toLowerCase(), header)),
    )
  )
}

/** A pattern may hold one `*`, which stands for any text. */
function matchesPattern(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return pattern === text
  return (
    text.length >= pattern.length - 1 &&
    text.startsWith(pattern.slice(0, star)) &&
    text.endsWith(pattern.slice(star + 1))
  )
}

/** The headers that tell a browser what the rule allows: name, value, name, value, … */
export function corsHeaders(rule: CorsRule, { origin, headers }: CorsQuestion): string[] {
  const isForAll = rule.allowedOrigins.includes('*')
  const answer = [
    'Access-Control-Allow-Origin',
    isForAll ? '*' : origin,
    'Access-Control-Allow-Methods',
    rule.allowedMethods.join(', '),
  ]
  if (headers.length > 0) answer.push('Access-Control-Allow-Headers', headers.join(', '))
  if (rule.exposeHeaders && rule.exposeHeaders.length > 0)
    answer.push('Access-Control-Expose-Headers', rule.exposeHeaders.join(', '))
  if (rule.maxAgeSeconds !== undefined) answer.push('Access-Control-Max-Age', String(rule.maxAgeSeconds))
  if (!isForAll) answer.push('Access-Control-Allow-Credentials', 'true')
  answer.push('Vary', 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method')
  return answer
}
