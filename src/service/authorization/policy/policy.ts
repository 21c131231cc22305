import type { S3Action } from '../../../model/s3/action.ts'
import type { TextTest } from './matching-work.ts'

/** A bucket policy, checked and made ready for quick decisions. */
export class Policy {
  readonly statements: readonly Statement[]
  readonly #byAction = new Map<S3Action, readonly Statement[]>()

  constructor(statements: readonly Statement[]) {
    this.statements = statements
  }

  /** The statements that are about an action; looked for once for each action. */
  statementsFor(action: S3Action): readonly Statement[] {
    let chosen = this.#byAction.get(action)
    if (!chosen) {
      const name = action.toLowerCase()
      chosen = this.statements.filter(({ actions }) => actions.isChosen(name, null))
      this.#byAction.set(action, chosen)
    }
    return chosen
  }
}

/** One statement: it applies when action, resource, principal and every condition fit. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly principal: PrincipalPattern
  /** Over lower-case names of actions. */
  readonly actions: Choice
  /** Over `<bucket>` and `<bucket>/<object key>`. */
  readonly resources: ResourceChoice
  readonly conditions: readonly Condition[]
}

/** The texts that match one of some patterns, or (NotAction, NotResource) none of them. */
export interface Choice {
  readonly isChosen: TextTest
}

/** A choice of resources. */
interface ResourceChoice extends Choice {
  /** Whether it may have a bucket of this name, or any object in it. */
  readonly reaches: (bucketName: string) => boolean
}

/** Whom a statement is about; `isNegated`: everyone but these. */
export interface PrincipalPattern {
  readonly isNegated: boolean
  readonly isEveryone: boolean
  /**
   * Account ids. Policies that were stored before their principals were looked up may have other names among them, of access keys, say,
   * or of nobody.
   */
  readonly names: ReadonlySet<string>
  /** Canonical ids; a policy that is stored has the accounts' own ids in their place. */
  readonly canonicalUserIds: ReadonlySet<string>
}

/** One condition of a statement: what the request has for a key, compared with the values of the policy. */
export interface Condition {
  readonly operator: ConditionOperator
  /** `IfExists`: holds when the request has no such key. */
  readonly holdsWhenAbsent: boolean
  /** For keys with several values: `ForAllValues`, `ForAnyValue`, or neither. */
  readonly quantifier: 'none' | 'all' | 'any'
  /** Lower-case name: `aws:sourceip`, `s3:existingobjecttag`. */
  readonly key: string
  /** What follows the slash, for the keys that name a tag. */
  readonly tagKey: string | null
  readonly values: readonly string[]
  /** One of the values accepts what the request has; the outcome is turned round when the operator is a negation. */
  readonly accepts: TextTest
}

/** What a condition compares, and whether it is a negation (`StringNotEquals`). */
interface ConditionOperator {
  readonly name: string
  readonly isNegation: boolean
}
