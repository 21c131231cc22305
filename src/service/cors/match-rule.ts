import type { CorsRule } from '../records/bucket.ts'

/** What a browser asks to do on behalf of a page of another origin. */
export interface CorsQuestion {
  readonly origin: string
  readonly method: string
  /** Lower-case names of headers that the page wants to send; a preflight alone tells them. */
  readonly headers: readonly string[]
}

/** The first rule that allows it, or null; a bucket's rules are tried in their order. */
export function matchCorsRule(rules: readonly CorsRule[], question: CorsQuestion): CorsRule | null {
  return preparedRules(rules).find((rule) => allows(rule, question))?.rule ?? null
}

/** A rule with its patterns made ready. */
interface PreparedRule {
  readonly rule: CorsRule
  readonly methods: ReadonlySet<string>
  readonly isOrigin: (text: string) => boolean
  readonly isHeader: (text: string) => boolean
}

const prepared = new WeakMap<readonly CorsRule[], readonly PreparedRule[]>()

/** Rules made ready once for as long as a bucket's record is kept: preflights come from anybody. */
function preparedRules(rules: readonly CorsRule[]): readonly PreparedRule[] {
  let ready = prepared.get(rules)
  if (!ready) {
    ready = rules.map((rule) => ({
      rule,
      methods: new Set(rule.allowedMethods),
      isOrigin: compileOneStar(rule.allowedOrigins),
      isHeader: compileOneStar((rule.allowedHeaders ?? []).map((pattern) => pattern.toLowerCase())),
    }))
    prepared.set(rules, ready)
  }
  return ready
}

function allows({ methods, isOrigin, isHeader }: PreparedRule, question: CorsQuestion): boolean {
  return methods.has(question.method) && isOrigin(question.origin) && question.headers.every(isHeader)
}

/** Makes a test for texts that match one of the patterns; each may hold one `*`, which stands for any text. */
function compileOneStar(patterns: readonly string[]): (text: string) => boolean {
  const texts = new Set<string>()
  const pieces: { readonly head: string; readonly tail: string }[] = []
  for (const pattern of new Set(patterns)) {
    const star = pattern.indexOf('*')
    if (star < 0) texts.add(pattern)
    else pieces.push({ head: pattern.slice(0, star), tail: pattern.slice(star + 1) })
  }
  return (text) =>
    texts.has(text) ||
    pieces.some(
      ({ head, tail }) =>
        text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail),
    )
}
