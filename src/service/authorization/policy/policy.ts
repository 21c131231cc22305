/** A bucket policy, checked and made ready for quick decisions. */
export interface Policy {
  readonly statements: readonly Statement[]
}

/** One statement: it applies when action, resource, principal and every condition fit. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly principal: PrincipalPattern
  /** Lower-case patterns. */
  readonly actions: Choice
  /** Patterns over `<bucket>` and `<bucket>/<object key>`. */
  readonly resources: Choice
  readonly conditions: readonly Condition[]
}

/** One of the patterns must match, or (`isNegated`: NotAction, NotResource) none may. */
export interface Choice {
  readonly isNegated: boolean
  readonly patterns: readonly string[]
}

/** Whom a statement is about; `isNegated`: everyone but these. */
export interface PrincipalPattern {
  readonly isNegated: boolean
  readonly isEveryone: boolean
  readonly accountIds: readonly string[]
}

/** One condition of a statement: what the request has for a key, compared with the values of the policy. */
export interface Condition {
  readonly operator: ConditionOperator
  /** `IfExists`: holds when the request has no such key. */
  readonly holdsWhenAbsent: boolean
  /** For keys with several values; a plain condition looks at the first. */
  readonly quantifier: 'first' | 'all' | 'any'
  /** Lower-case name: `aws:sourceip`, `s3:existingobjecttag`. */
  readonly key: string
  /** What follows the slash, for the keys that name a tag. */
  readonly tagKey: string | null
  readonly values: readonly string[]
  /** One of the values accepts what the request has; the outcome is turned round when the operator is a negation. */
  readonly accepts: (actual: string) => boolean
}

/** What a condition compares, and whether it is a negation (`StringNotEquals`). */
interface ConditionOperator {
  readonly name: string
  readonly isNegation: boolean
}
