import { listedEtags, unquoteEtag } from '../../../base/etags.ts'
import { principalIdentity } from '../../credentials/caller-identity.ts'
import type { AccessQuestion } from '../question.ts'
import type { GivenFacts, ListingFacts, LockFacts } from '../request-facts.ts'

/** The values that a request has for a condition key; empty when it has none; null: the object, or the request's document, must be read first. */
type ConditionValues = readonly string[] | null

type ReadKey = (question: AccessQuestion, tagKey: string | null) => ConditionValues

const NONE: readonly string[] = []
const maybe = (value: string | null | undefined): readonly string[] =>
  value === null || value === undefined ? NONE : [value]

const ofSender =
  (name: 'userAgent' | 'referer' | 'authenticationType'): ReadKey =>
  ({ request }) =>
    maybe(request.sender[name])
const ofIdentity =
  (name: 'arn' | 'userId'): ReadKey =>
  ({ principal }) =>
    principal.type === 'anonymous' ? NONE : [principalIdentity(principal)[name]]
const given =
  (name: keyof GivenFacts): ReadKey =>
  ({ request }) =>
    maybe(request.given[name])
const listed =
  (name: keyof ListingFacts): ReadKey =>
  ({ request }) =>
    maybe(request.listing[name])
const lock = (name: keyof LockFacts): ReadKey => known(({ request }) => maybe(request.lock[name]))
/**
 * A policy that asks for it wants a write to name what it replaces: `*`, which matches whatever is there, names nothing. A deletion may say `*`, as
 * Amazon's guide has it.
 */
const ifMatch: ReadKey = ({ action, request }) => {
  const text = request.ifMatch
  if (text === null) return NONE
  const isDeletion = action === 's3:DeleteObject' || action === 's3:DeleteObjectVersion'
  if (isDeletion) return unquoteEtag(text) === '*' ? ['*'] : [text]
  return listedEtags(text).includes('*') ? NONE : [text]
}
/** A policy that asks for it wants nothing replaced. An ETag that the object does not have lets it be replaced, and so counts as nothing here. */
const ifNoneMatch: ReadKey = ({ request }) => (request.ifNoneMatch?.trim() === '*' ? ['*'] : NONE)
/** What no request to this server has: it has no private networks, services that call for others, organisations and access points. */
const NEVER_KEYS: readonly string[] = [
  'aws:principalorgid',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:vpcsourceip',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
]

/** What a request gives, by the names that its conditions have. */
const GIVEN_KEYS: readonly (readonly [name: string, member: keyof GivenFacts])[] = [
  ['s3:x-amz-acl', 'cannedAcl'],
  ['s3:x-amz-grant-full-control', 'grantFullControl'],
  ['s3:x-amz-grant-read', 'grantRead'],
  ['s3:x-amz-grant-read-acp', 'grantReadAcp'],
  ['s3:x-amz-grant-write', 'grantWrite'],
  ['s3:x-amz-grant-write-acp', 'grantWriteAcp'],
  ['s3:x-amz-metadata-directive', 'metadataDirective'],
  ['s3:x-amz-server-side-encryption', 'encryption'],
  ['s3:x-amz-server-side-encryption-aws-kms-key-id', 'encryptionKeyId'],
  ['s3:x-amz-server-side-encryption-customer-algorithm', 'customerAlgorithm'],
  ['s3:x-amz-storage-class', 'storageClass'],
  ['s3:x-amz-website-redirect-location', 'websiteRedirectLocation'],
]

/** The condition keys of the policy subset by their lower-case names. Those that name a tag are `TAG_CONDITION_KEYS`. */
export const CONDITION_KEYS: ReadonlyMap<string, ReadKey> = new Map<string, ReadKey>([
  ['aws:sourceip', ({ request }) => maybe(request.sender.sourceIp)],
  ['aws:securetransport', ({ request }) => [String(request.sender.isSecure)]],
  ['aws:currenttime', ({ request }) => [new Date(request.sender.now).toISOString()]],
  ['aws:epochtime', ({ request }) => [String(Math.floor(request.sender.now / 1000))]],
  ['aws:useragent', ofSender('userAgent')],
  ['aws:referer', ofSender('referer')],
  [
    'aws:principalaccount',
    ({ principal }) => (principal.type === 'anonymous' ? NONE : [principal.accountId]),
  ],
  // As GetCallerIdentity tells them, so that a policy can name a key by what it is told of itself.
  ['aws:principalarn', ofIdentity('arn')],
  ['aws:userid', ofIdentity('userId')],
  ['s3:prefix', listed('prefix')],
  ['s3:delimiter', listed('delimiter')],
  ['s3:max-keys', listed('maxKeys')],
  ['s3:versionid', ({ request }) => maybe(request.versionId)],
  ['s3:authtype', ofSender('authenticationType')],
  [
    's3:signatureversion',
    ({ principal, request }) =>
      principal.type === 'anonymous' ? NONE : [request.sender.signatureVersion ?? 'AWS4-HMAC-SHA256'],
  ],
  ['s3:signatureage', ({ request }) => maybe(request.sender.signatureAgeMs?.toString())],
  ['s3:if-match', ifMatch],
  ['s3:if-none-match', ifNoneMatch],
  ['s3:objectcreationoperation', ({ request }) => maybe(request.createsObject?.toString())],
  ['s3:x-amz-content-sha256', ({ request }) => maybe(request.payloadHash)],
  ['s3:object-lock-mode', lock('mode')],
  ['s3:object-lock-retain-until-date', lock('retainUntil')],
  ['s3:object-lock-legal-hold', lock('legalHold')],
  ['s3:x-amz-copy-source', ({ request }) => maybe(request.copySource?.())],
  ['s3:requestobjecttagkeys', known(({ request }) => request.requestTags?.map(({ key }) => key) ?? NONE)],
  ['s3:requestobjecttag', known(({ request }, tagKey) => maybe(tagValue(request.requestTags, tagKey)))],
  [
    's3:existingobjecttag',
    ({ object }, tagKey) => (object === undefined ? null : maybe(tagValue(object?.tags, tagKey))),
  ],
  ...GIVEN_KEYS.map(([name, member]): [string, ReadKey] => [name, given(member)]),
  ...NEVER_KEYS.map((name): [string, ReadKey] => [name, () => NONE]),
])

/** Written with the tag's key behind a slash: `s3:ExistingObjectTag/team`. */
export const TAG_CONDITION_KEYS: ReadonlySet<string> = new Set([
  's3:existingobjecttag',
  's3:requestobjecttag',
])

/** What may come with a document is unknown until that was read. */
function known(read: ReadKey): ReadKey {
  return (question, tagKey) => (question.request.awaitsDocument === true ? null : read(question, tagKey))
}

function tagValue(
  tags: readonly { readonly key: string; readonly value: string }[] | undefined,
  tagKey: string | null,
): string | null {
  return tags?.find(({ key }) => key === tagKey)?.value ?? null
}

/**
 * The keys whose values are made from the request's `sender` and `given` and from its principal alone, whatever object it is about: the same as long as those
 * are (decision-memory.ts).
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
  ...GIVEN_KEYS.map(([name]) => name),
])

/** The keys that say who asks for what and when, and those that no request has: known also where no request is behind a question. */
const SETTLED_KEYS: ReadonlySet<string> = new Set([
  ...NEVER_KEYS,
  'aws:currenttime',
  'aws:epochtime',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:userid',
  's3:objectcreationoperation',
  's3:prefix',
  's3:versionid',
])

/** What only a signed request has. */
const SIGNATURE_KEYS: ReadonlySet<string> = new Set(['s3:authtype', 's3:signatureage', 's3:signatureversion'])

/** The keys whose values only a request, or the object, tells. */
export const openKeys = ({
  isAddressKnown,
  isSigned,
}: {
  readonly isAddressKnown: boolean
  readonly isSigned: boolean
}): ReadonlySet<string> =>
  new Set(
    [...CONDITION_KEYS.keys()].filter(
      (key) =>
        !SETTLED_KEYS.has(key) &&
        !(isAddressKnown && key === 'aws:sourceip') &&
        (isSigned || !SIGNATURE_KEYS.has(key)),
    ),
  )
