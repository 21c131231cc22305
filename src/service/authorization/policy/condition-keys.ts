import type { AccessQuestion, RequestFacts } from '../question.ts'

/** The values that a request has for a condition key; empty when it has none; null: the object, or the request's document, must be read first. */
type ConditionValues = readonly string[] | null

type ReadKey = (question: AccessQuestion, tagKey: string | null) => ConditionValues

/**
 * Where the values of a key come from: from the request as a whole and its principal, from its headers, its query, the tags that it gives, or
 * from the object. What is decided about the one is decided for as long as that stays the same, for any number of objects.
 */
export type ConditionSource = 'request' | 'headers' | 'query' | 'tags' | 'object'

/** A key that conditions may name. */
interface ConditionKey {
  readonly source: ConditionSource
  readonly read: ReadKey
}

const NONE: readonly string[] = []
const maybe = (value: string | null | undefined): readonly string[] =>
  value === null || value === undefined ? NONE : [value]

const ofRequest = (read: ReadKey): ConditionKey => ({ source: 'request', read })
const header = (name: string): ConditionKey => ({
  source: 'headers',
  read: ({ request }) => maybe(headerOf(request, name)),
})
const argument = (name: string): ConditionKey => ({
  source: 'query',
  read: ({ request }) => maybe(request.query(name)),
})
/** What no request to this server has: it has no private networks, services that call for others, organisations and access points. */
const never: ConditionKey = ofRequest(() => NONE)

/** What may come with a document is unknown until that was read. */
const known = ({ source, read }: ConditionKey): ConditionKey => ({
  source,
  read: (question, tagKey) => (question.request.awaitsDocument === true ? null : read(question, tagKey)),
})

/** Keys of the same name as the header that they look at. */
const HEADER_KEYS = [
  'x-amz-acl',
  'x-amz-content-sha256',
  'x-amz-grant-full-control',
  'x-amz-grant-read',
  'x-amz-grant-read-acp',
  'x-amz-grant-write',
  'x-amz-grant-write-acp',
  'x-amz-metadata-directive',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
  'if-match',
  'if-none-match',
] as const

/** The condition keys of the policy subset by their lower-case names. Those that name a tag are `TAG_CONDITION_KEYS`. */
export const CONDITION_KEYS: ReadonlyMap<string, ConditionKey> = new Map<string, ConditionKey>([
  ['aws:sourceip', ofRequest(({ request }) => maybe(request.sourceIp))],
  ['aws:securetransport', ofRequest(({ request }) => [String(request.isSecure)])],
  ['aws:currenttime', ofRequest(({ request }) => [new Date(request.now).toISOString()])],
  ['aws:epochtime', ofRequest(({ request }) => [String(Math.floor(request.now / 1000))])],
  ['aws:useragent', header('user-agent')],
  ['aws:referer', header('referer')],
  [
    'aws:principalaccount',
    ofRequest(({ principal }) => (principal.type === 'anonymous' ? NONE : [principal.accountId])),
  ],
  // IAM's names for the root of an account; keys of buckets and resources are no identities of IAM.
  [
    'aws:principalarn',
    ofRequest(({ principal }) =>
      principal.type === 'account' ? [`arn:aws:iam::${principal.accountId}:root`] : NONE,
    ),
  ],
  ['aws:userid', ofRequest(({ principal }) => (principal.type === 'account' ? [principal.accountId] : NONE))],
  ['aws:principalorgid', never],
  ['aws:sourceaccount', never],
  ['aws:sourcearn', never],
  ['aws:sourceowner', never],
  ['aws:sourcevpc', never],
  ['aws:sourcevpce', never],
  ['aws:vpcsourceip', never],
  ['s3:dataaccesspointaccount', never],
  ['s3:dataaccesspointarn', never],
  ['s3:prefix', argument('prefix')],
  ['s3:delimiter', argument('delimiter')],
  ['s3:max-keys', argument('max-keys')],
  ['s3:versionid', argument('versionId')],
  ['s3:authtype', ofRequest(({ request }) => maybe(request.authenticationType))],
  [
    's3:signatureversion',
    ofRequest(({ principal }) => (principal.type === 'anonymous' ? NONE : ['AWS4-HMAC-SHA256'])),
  ],
  ['s3:signatureage', ofRequest(({ request }) => maybe(request.signatureAgeMs?.toString()))],
  ['s3:object-lock-mode', known(header('x-amz-object-lock-mode'))],
  ['s3:object-lock-retain-until-date', known(header('x-amz-object-lock-retain-until-date'))],
  ['s3:object-lock-legal-hold', known(header('x-amz-object-lock-legal-hold'))],
  ['s3:x-amz-copy-source', ofRequest(({ request }) => maybe(request.copySource?.()))],
  [
    's3:requestobjecttagkeys',
    known({ source: 'tags', read: ({ request }) => request.requestTags?.map(({ key }) => key) ?? NONE }),
  ],
  [
    's3:requestobjecttag',
    known({ source: 'tags', read: ({ request }, tagKey) => maybe(tagValue(request.requestTags, tagKey)) }),
  ],
  [
    's3:existingobjecttag',
    {
      source: 'object',
      read: ({ object }, tagKey) => (object === undefined ? null : maybe(tagValue(object?.tags, tagKey))),
    },
  ],
  ...HEADER_KEYS.map((name): [string, ConditionKey] => [`s3:${name}`, header(name)]),
])

/** Written with the tag's key behind a slash: `s3:ExistingObjectTag/team`. */
export const TAG_CONDITION_KEYS: ReadonlySet<string> = new Set([
  's3:existingobjecttag',
  's3:requestobjecttag',
])

function headerOf(request: RequestFacts, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' || value === undefined ? value : value.join(',')
}

function tagValue(
  tags: readonly { readonly key: string; readonly value: string }[] | undefined,
  tagKey: string | null,
): string | null {
  return tags?.find(({ key }) => key === tagKey)?.value ?? null
}
