import { parseHttpDate } from '../../../base/http-date.ts'
import { parseIso8601 } from '../../../base/iso-8601.ts'
import { listedEtags, unquoteEtag } from '../../../base/etags.ts'
import type { AccessQuestion } from '../question.ts'
import type { RequestFacts } from '../request-facts.ts'

/** The values that a request has for a condition key; empty when it has none; null: the object, or the request's document, must be read first. */
type ConditionValues = readonly string[] | null

type ReadKey = (question: AccessQuestion, tagKey: string | null) => ConditionValues

const NONE: readonly string[] = []
const maybe = (value: string | null | undefined): readonly string[] =>
  value === null || value === undefined ? NONE : [value]

const header =
  (name: string): ReadKey =>
  ({ request }) =>
    maybe(headerOf(request, name))
/** A date in HTTP's form is taken as the header is, and so must not slip past a comparison of dates. */
const retainUntilDate: ReadKey = ({ request }) => {
  const text = headerOf(request, 'x-amz-object-lock-retain-until-date')
  const instant = text === undefined || parseIso8601(text) !== null ? null : parseHttpDate(text)
  return maybe(instant === null ? text : new Date(instant).toISOString())
}
/**
 * A policy that asks for it wants a write to name what it replaces: `*`, which matches whatever is there, names nothing. A deletion may say `*`, as
 * Amazon's guide has it.
 */
const ifMatch: ReadKey = ({ action, request }) => {
  const text = request.ifMatch === undefined ? headerOf(request, 'if-match') : request.ifMatch
  if (text === undefined || text === null) return NONE
  const isDeletion = action === 's3:DeleteObject' || action === 's3:DeleteObjectVersion'
  if (isDeletion) return unquoteEtag(text) === '*' ? ['*'] : [text]
  return listedEtags(text).includes('*') ? NONE : [text]
}
/** A presigned URL that says nothing of the body signs that it does not cover it. */
const payloadHash: ReadKey = ({ request }) => {
  const text = headerOf(request, 'x-amz-content-sha256')
  const isUnsigned = request.authenticationType === 'REST-QUERY-STRING' && (text === undefined || text === '')
  return isUnsigned ? ['UNSIGNED-PAYLOAD'] : maybe(text)
}
/** A policy that asks for it wants nothing replaced. An ETag that the object does not have lets it be replaced, and so counts as nothing here. */
const ifNoneMatch: ReadKey = ({ request }) =>
  headerOf(request, 'if-none-match')?.trim() === '*' ? ['*'] : NONE
const argument =
  (name: string): ReadKey =>
  ({ request }) =>
    maybe(request.query(name))
/** What no request to this server has: it has no private networks, services that call for others, organisations and access points. */
const never: ReadKey = () => NONE

/** What may come with a document is unknown until that was read. */
const known =
  (read: ReadKey): ReadKey =>
  (question, tagKey) =>
    question.request.awaitsDocument === true ? null : read(question, tagKey)

/** Keys of the same name as the header that they look at. */
const HEADER_KEYS = [
  'x-amz-acl',
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
] as const

/** The condition keys of the policy subset by their lower-case names. Those that name a tag are `TAG_CONDITION_KEYS`. */
export const CONDITION_KEYS: ReadonlyMap<string, ReadKey> = new Map<string, ReadKey>([
  ['aws:sourceip', ({ request }) => maybe(request.sourceIp)],
  ['aws:securetransport', ({ request }) => [String(request.isSecure)]],
  ['aws:currenttime', ({ request }) => [new Date(request.now).toISOString()]],
  ['aws:epochtime', ({ request }) => [String(Math.floor(request.now / 1000))]],
  ['aws:useragent', header('user-agent')],
  ['aws:referer', header('referer')],
  [
    'aws:principalaccount',
    ({ principal }) => (principal.type === 'anonymous' ? NONE : [principal.accountId]),
  ],
  // IAM's names for the root of an account; keys of buckets and resources are no identities of IAM.
  [
    'aws:principalarn',
    ({ principal }) => (principal.type === 'account' ? [`arn:aws:iam::${principal.accountId}:root`] : NONE),
  ],
  ['aws:userid', ({ principal }) => (principal.type === 'account' ? [principal.accountId] : NONE)],
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
  ['s3:authtype', ({ request }) => maybe(request.authenticationType)],
  [
    's3:signatureversion',
    ({ principal, request }) =>
      principal.type === 'anonymous' ? NONE : [request.signatureVersion ?? 'AWS4-HMAC-SHA256'],
  ],
  ['s3:signatureage', ({ request }) => maybe(request.signatureAgeMs?.toString())],
  ['s3:if-match', ifMatch],
  ['s3:if-none-match', ifNoneMatch],
  ['s3:objectcreationoperation', ({ request }) => maybe(request.createsObject?.toString())],
  ['s3:x-amz-content-sha256', payloadHash],
  ['s3:object-lock-mode', known(header('x-amz-object-lock-mode'))],
  ['s3:object-lock-retain-until-date', known(retainUntilDate)],
  ['s3:object-lock-legal-hold', known(header('x-amz-object-lock-legal-hold'))],
  ['s3:x-amz-copy-source', ({ request }) => maybe(request.copySource?.())],
  ['s3:requestobjecttagkeys', known(({ request }) => request.requestTags?.map(({ key }) => key) ?? NONE)],
  ['s3:requestobjecttag', known(({ request }, tagKey) => maybe(tagValue(request.requestTags, tagKey)))],
  [
    's3:existingobjecttag',
    ({ object }, tagKey) => (object === undefined ? null : maybe(tagValue(object?.tags, tagKey))),
  ],
  ...HEADER_KEYS.map((name): [string, ReadKey] => [`s3:${name}`, header(name)]),
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

/**
 * The keys whose values are those of the request and of who makes it, whatever object it is about. What they depend on is compared in
 * decision-memory.ts: a key comes into this list when that is so.
 */
export const REQUEST_KEYS: ReadonlySet<string> = new Set([
  'aws:sourceip',
  'aws:securetransport',
  'aws:currenttime',
  'aws:epochtime',
  'aws:useragent',
  'aws:referer',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:userid',
  's3:authtype',
  's3:signatureversion',
  's3:signatureage',
  ...HEADER_KEYS.map((name) => `s3:${name}`),
])
