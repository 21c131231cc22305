/** What a key may do and where, as it is asked for or as it is told of; times are epoch milliseconds. */
export interface KeyFacts {
  readonly name?: string | undefined
  readonly rights?: readonly string[] | undefined
  readonly policy?: string | undefined
  readonly buckets?: readonly string[] | undefined
  readonly prefixes?: readonly string[] | undefined
  readonly sourceNetworks?: readonly string[] | undefined
  readonly expiresAt?: number | undefined
  readonly expiresInSeconds?: number | undefined
}

/** How names and times are written within the sentence. */
interface Writing {
  /** Sets off what somebody typed. */
  readonly quote: (text: string) => string
  /** Who it is that has no name yet. */
  readonly who?: string | undefined
  readonly time: (epochMs: number) => string
  /** Epoch milliseconds from which `expiresInSeconds` counts. */
  readonly now: number
}

const and = new Intl.ListFormat('en', { type: 'conjunction' })
const or = new Intl.ListFormat('en', { type: 'disjunction' })
/** Longer lists are told by their number. */
const NAMED_MAX = 4

/** What a key may do, in one sentence: "`backup` may read and list the objects under `laptop/` in `photos`, from `10.0.0.0/8` alone, until 1 March 2027." */
export function keySentence(
  facts: KeyFacts,
  { quote, time, now, who: nameless = 'The key' }: Writing,
): string {
  const { name = '', expiresAt, expiresInSeconds, sourceNetworks } = facts
  const end = expiresInSeconds === undefined ? expiresAt : now + expiresInSeconds * 1_000
  const who = name === '' ? nameless : quote(name)
  const from =
    sourceNetworks === undefined
      ? 'from anywhere'
      : `from ${listed(sourceNetworks, 'networks', quote, or)} alone`
  const until = end === undefined ? 'until somebody deletes it' : `until ${time(end)}`
  return `${who} may ${doing(facts, quote)}, ${from}, ${until}.`
}

function doing({ rights, policy, buckets, prefixes }: KeyFacts, quote: Writing['quote']): string {
  const where = buckets === undefined ? 'all buckets, later ones too' : listed(buckets, 'buckets', quote, and)
  if (policy !== undefined) return `do what its policy says in ${where}`
  const given = new Set(rights)
  const objects = prefixes === undefined ? 'all objects' : `the objects ${beginning(prefixes, quote)}`
  if (given.has('full')) {
    if (prefixes !== undefined) return `do everything with ${objects} in ${where}`
    return buckets === undefined
      ? `do everything in ${where}: make and delete buckets, make them public, and all with objects`
      : `do everything with ${objects} in ${where}, and change settings there`
  }
  const verbs = VERBS.filter((verb) => given.has(verb) || given.has('read-write'))
  return `${and.format(verbs)} ${objects} in ${where}`
}

const VERBS = ['read', 'list', 'write', 'delete']

const beginning = (prefixes: readonly string[], quote: Writing['quote']): string =>
  prefixes.every((prefix) => prefix.endsWith('/'))
    ? `under ${listed(prefixes, 'folders', quote, or)}`
    : `whose names begin with ${listed(prefixes, 'prefixes', quote, or)}`

const listed = (
  names: readonly string[],
  kind: string,
  quote: Writing['quote'],
  format: Intl.ListFormat,
): string => (names.length > NAMED_MAX ? `${names.length} ${kind}` : format.format(names.map(quote)))
