import type { NoFields } from './no-fields.ts'

/** How old something is to be. */
export type RuleDays = 'days' | 'noncurrentDays' | 'daysAfterInitiation'
/** What a rule does. */
export type RuleAction = 'expiration' | 'noncurrentVersionExpiration' | 'abortIncompleteMultipartUpload'
/** How large an object is to be. */
type RuleSize = 'sizeGreaterThanBytes' | 'sizeLessThanBytes'

interface OfRule {
  readonly ruleId: string
}

/** Of lifecycle rules that are none, or not beside each other. */
export interface LifecycleErrors {
  RuleIdTooLong: { readonly lengthMax: number }
  RuleIdRepeated: OfRule
  RuleSizesCrossed: OfRule
  RuleSizeNegative: OfRule & { readonly size: RuleSize; readonly got: number }
  RuleTagRepeated: OfRule
  /** Rules with a prefix of the older form and rules with a filter. */
  RuleFormsMixed: NoFields
  /** Of two rules with prefixes of the older form. */
  RulePrefixesOverlap: {
    readonly prefix: string
    readonly otherPrefix: string
    readonly action: RuleAction
  }
  RuleWithoutAction: OfRule
  /** What cannot be chosen by tags or sizes. */
  RuleSelectsTooFinely: OfRule & {
    readonly what: 'expiredObjectDeleteMarker' | 'abortIncompleteMultipartUpload'
  }
  NewerVersionsOutOfRange: OfRule & { readonly got: number; readonly countMax: number }
  /** Days, a date and delete markers exclude each other, and one is needed. */
  ExpirationAmbiguous: OfRule
  /** `date`: epoch milliseconds. */
  RuleDateNotMidnight: OfRule & { readonly date: number }
  RuleDaysMissing: OfRule & { readonly days: RuleDays }
  RuleDaysOutOfRange: OfRule & { readonly days: RuleDays; readonly got: number }
}
