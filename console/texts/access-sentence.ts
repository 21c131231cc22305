/** One thing that may or may not be done, with the rule that says so, as GetBucketAccess tells it. */
export interface AccessFact {
  readonly doing: 'read' | 'write' | 'list' | 'delete' | 'settings'
  readonly outcome: 'allowed' | 'denied' | 'depends'
  readonly rule: string
  readonly statement?: string | undefined
  /** What it depends on, by the names of policies. */
  readonly conditions?: readonly string[] | undefined
}

const and = new Intl.ListFormat('en', { type: 'conjunction' })
const or = new Intl.ListFormat('en', { type: 'disjunction' })

const DOINGS: Readonly<Record<AccessFact['doing'], string>> = {
  read: 'read',
  write: 'write',
  list: 'list',
  delete: 'delete',
  settings: 'change settings',
}

/** Why, for what is allowed and what is not. */
const BECAUSE: Readonly<Partial<Record<string, string>>> = {
  account: 'it is the account’s own',
  key: 'keys of the bucket may',
  'key-rights': 'its rights say so',
  'key-buckets': 'it is not for this bucket',
  'key-prefixes': 'it is for other names',
  'key-networks': 'its networks',
  'key-stopped': 'the key is inactive or over',
  'key-policy': 'its own policy',
  'public-access': 'public access says so',
  'account-only': 'that takes the account’s own key',
  'no-grant': 'nothing allows it',
  object: 'the object’s own ACL decides',
}

/** Who may do what and why: "`reports` may read and list (its rights say so), and may not delete (“Keep” of the policy)." */
export function accessSentence(
  facts: readonly AccessFact[],
  { who, quote }: { readonly who: string; readonly quote: (text: string) => string },
): string {
  const part = (outcome: AccessFact['outcome'], list: Intl.ListFormat): string =>
    [...byReason(facts.filter((fact) => fact.outcome === outcome))]
      .map(([reason, doings]) => `${list.format(doings)} ${reason}`)
      .join(', ')
  const byReason = (of: readonly AccessFact[]): Map<string, string[]> => {
    const found = new Map<string, string[]>()
    for (const fact of of) {
      const reason = reasonOf(fact, quote)
      found.set(reason, [...(found.get(reason) ?? []), DOINGS[fact.doing]])
    }
    return found
  }
  const [allowed, denied, open] = [part('allowed', and), part('denied', or), part('depends', and)]
  const parts = [
    allowed === '' ? '' : `may ${allowed}`,
    denied === '' ? '' : `may not ${denied}`,
    open === '' ? '' : `may perhaps ${open}`,
  ].filter((each) => each !== '')
  return `${who} ${parts.join('; ')}.`
}

const reasonOf = (fact: AccessFact, quote: (text: string) => string): string => {
  const { conditions = [] } = fact
  const rule = `(${ruleOf(fact, quote)})`
  return conditions.length === 0
    ? rule
    : `depending on ${and.format(conditions.map((name) => conditionOf(name, quote)))} ${rule}`
}

const ruleOf = ({ rule, statement }: AccessFact, quote: (text: string) => string): string =>
  rule === 'bucket-policy'
    ? statement === undefined
      ? 'the policy says so'
      : `${quote(statement)} of the policy`
    : (BECAUSE[rule] ?? rule)

/** What a condition of a policy looks at, in words for those that are met most. */
function conditionOf(name: string, quote: (text: string) => string): string {
  const [key = '', tag] = name.split(/\/(.*)/s)
  const known = CONDITIONS[key.toLowerCase()]
  if (known === undefined) return quote(name)
  return tag === undefined ? known : `${known} ${quote(tag)}`
}

const CONDITIONS: Readonly<Partial<Record<string, string>>> = {
  'aws:sourceip': 'the address it comes from',
  'aws:securetransport': 'whether TLS is used',
  'aws:useragent': 'the program',
  's3:existingobjecttag': 'the object’s tag',
  's3:requestobjecttag': 'the tag that is sent along',
}
