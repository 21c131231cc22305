import { listedEtags, unquoteEtag } from '../../../base/etags.ts'
import { principalIdentity } from '../../credentials/caller-identity.ts'
import type { AccessQuestion } from '../question.ts'
import type { KeyHolder, Principal } from '../../principal.ts'
import type { GivenFacts, ListingFacts, LockFacts, RequestFacts } from '../request-facts.ts'

/** The values that a request has for a condition key; empty when it has none; null: the object, or the request's document, must be read first. */
type ConditionValues = readonly string[] | null

type ReadKey = (question: AccessQuestion, tagKey: string | null) => ConditionValues

/** A condition key: how its values are found, and what they hang on. */
interface ConditionKey {
  readonly read: ReadKey
  /**
   * Its values are made from the request's `sender` and `given` and from its principal alone, whatever object it is about: the same as long as those are
   * (decision-memory.ts).
   */
  readonly isOfRequest?: true
  /** It says who asks for what and when, or no request has it: known also where no request is behind a question. */
  readonly isSettled?: true
  /** Only a signed request has it. */
  readonly needsSignature?: true
  /** It is written with the tag's key behind a slash: `s3:ExistingObjectTag/team`. */
  readonly namesTag?: true
  /** No request to this server has it. */
  readonly isNever?: true
}

const NONE: readonly string[] = []
const NEVER: ConditionKey = { read: () => NONE, isSettled: true, isNever: true }
const maybe = (value: string | null | undefined): readonly string[] =>
  value === null || value === undefined ? NONE : [value]

const ofSender = (
  valueOf: (sender: RequestFacts['sender']) => string | null | undefined,
  more: Pick<ConditionKey, 'isSettled' | 'needsSignature'> = {},
): ConditionKey => ({
  read: ({ request }) => maybe(valueOf(request.sender)),
  isOfRequest: true,
  ...more,
})
const ofPrincipal = (valueOf: (principal: KeyHolder) => string | null): ConditionKey => ({
  read: ({ principal }) => (principal.type === 'anonymous' ? NONE : maybe(valueOf(principal))),
  isOfRequest: true,
  isSettled: true,
})
const given = (name: keyof GivenFacts): ConditionKey => ({
  read: ({ request }) => maybe(request.given[name]),
  isOfRequest: true,
})
const listed =
  (name: keyof ListingFacts): ReadKey =>
  ({ request }) =>
    maybe(request.listing[name])
const lock = (name: keyof LockFacts): ReadKey => known(({ request }) => maybe(request.lock[name]))
/**
 * A policy that asks for it wants a write to name what it replaces: `*`, which matches whatever is there, names nothing. A deletion may say `*`, as
 * Amazon's guide has it.
 */
const readIfMatch: ReadKey = ({ action, request }) => {
  const text = request.ifMatch
  if (text === null) return NONE
  const isDeletion = action === 's3:DeleteObject' || action === 's3:DeleteObjectVersion'
  if (isDeletion) return unquoteEtag(text) === '*' ? ['*'] : [text]
  return listedEtags(text).includes('*') ? NONE : [text]
}
/** A policy that asks for it wants nothing replaced. An ETag that the object does not have lets it be replaced, and so counts as nothing here. */
const readIfNoneMatch: ReadKey = ({ request }) => (request.ifNoneMatch?.trim() === '*' ? ['*'] : NONE)
/** What no request to this server has: it has no private networks, services that call for others, organisations and access points. */
const NEVER_KEYS: readonly string[] = [
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:multifactorauthage',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceowner',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:vpcsourceip',
  's3:accesspointnetworkorigin',
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

/** As {@link NEVER_KEYS}, of tags that neither who asks nor a bucket has. */
const NEVER_TAG_KEYS: readonly string[] = ['aws:principaltag', 'aws:resourcetag']

const readBucketOwner: ReadKey = ({ bucket }) => maybe(bucket?.accountId)

/** As IAM calls who asks. */
const PRINCIPAL_TYPES: Readonly<Record<Principal['type'], string>> = {
  account: 'Account',
  'bucket-key': 'User',
  'application-key': 'User',
  role: 'AssumedRole',
  resource: 'AssumedRole',
  anonymous: 'Anonymous',
}

/** The name of a user, without its path, as it stands at the end of its ARN; of others there is none. */
function userNameOf(principal: KeyHolder): string | null {
  if (principal.type === 'bucket-key') return principal.bucketName
  return principal.type === 'application-key' ? principal.name : null
}

/** The condition keys of the policy subset by their lower-case names. */
export const CONDITION_KEYS: ReadonlyMap<string, ConditionKey> = new Map<string, ConditionKey>([
  ['aws:sourceip', ofSender(({ sourceIp }) => sourceIp)],
  ['aws:securetransport', ofSender(({ isSecure }) => String(isSecure))],
  ['aws:currenttime', ofSender(({ now }) => new Date(now).toISOString(), { isSettled: true })],
  ['aws:epochtime', ofSender(({ now }) => String(Math.floor(now / 1000)), { isSettled: true })],
  ['aws:useragent', ofSender(({ userAgent }) => userAgent)],
  ['aws:referer', ofSender(({ referer }) => referer)],
  ['aws:principalaccount', ofPrincipal(({ accountId }) => accountId)],
  // As GetCallerIdentity tells them, so that a policy can name a key by what it is told of itself.
  ['aws:principalarn', ofPrincipal((principal) => principalIdentity(principal).arn)],
  ['aws:userid', ofPrincipal((principal) => principalIdentity(principal).userId)],
  [
    'aws:principaltype',
    { read: ({ principal }) => [PRINCIPAL_TYPES[principal.type]], isOfRequest: true, isSettled: true },
  ],
  ['aws:username', ofPrincipal(userNameOf)],
  // Temporary credentials say whether a code was given for them, which this server never asks for; lasting ones say nothing.
  [
    'aws:multifactorauthpresent',
    ofPrincipal(({ type }) => (PRINCIPAL_TYPES[type] === 'AssumedRole' ? 'false' : null)),
  ],
  ['aws:viaawsservice', { read: () => ['false'], isSettled: true }],
  ['aws:principalisawsservice', { read: () => ['false'], isSettled: true }],
  ['aws:resourceaccount', { read: readBucketOwner, isSettled: true }],
  ['s3:resourceaccount', { read: readBucketOwner, isSettled: true }],
  ['aws:requestedregion', { read: ({ bucket }) => maybe(bucket?.region), isSettled: true }],
  ['s3:tlsversion', ofSender(({ tlsVersion }) => tlsVersion?.())],
  ['s3:prefix', { read: listed('prefix'), isSettled: true }],
  ['s3:delimiter', { read: listed('delimiter') }],
  ['s3:max-keys', { read: listed('maxKeys') }],
  ['s3:versionid', { read: ({ request }) => maybe(request.versionId), isSettled: true }],
  ['s3:authtype', ofSender(({ authenticationType }) => authenticationType, { needsSignature: true })],
  [
    's3:signatureversion',
    {
      read: ({ principal, request }) =>
        principal.type === 'anonymous' ? NONE : [request.sender.signatureVersion ?? 'AWS4-HMAC-SHA256'],
      isOfRequest: true,
      needsSignature: true,
    },
  ],
  ['s3:signatureage', ofSender(({ signatureAgeMs }) => signatureAgeMs?.toString(), { needsSignature: true })],
  ['s3:if-match', { read: readIfMatch }],
  ['s3:if-none-match', { read: readIfNoneMatch }],
  [
    's3:objectcreationoperation',
    { read: ({ request }) => maybe(request.createsObject?.toString()), isSettled: true },
  ],
  ['s3:x-amz-content-sha256', { read: ({ request }) => maybe(request.payloadHash) }],
  ['s3:object-lock-mode', { read: lock('mode') }],
  ['s3:object-lock-retain-until-date', { read: lock('retainUntil') }],
  ['s3:object-lock-legal-hold', { read: lock('legalHold') }],
  ['s3:x-amz-copy-source', { read: ({ request }) => maybe(request.copySource?.()) }],
  [
    's3:requestobjecttagkeys',
    { read: known(({ request }) => request.requestTags?.map(({ key }) => key) ?? NONE) },
  ],
  [
    's3:requestobjecttag',
    {
      read: known(({ request }, tagKey) => maybe(tagValue(request.requestTags, tagKey))),
      namesTag: true,
    },
  ],
  [
    's3:existingobjecttag',
    {
      read: ({ object }, tagKey) => (object === undefined ? null : maybe(tagValue(object?.tags, tagKey))),
      namesTag: true,
    },
  ],
  ...GIVEN_KEYS.map(([name, member]): [string, ConditionKey] => [name, given(member)]),
  ...NEVER_KEYS.map((name): [string, ConditionKey] => [name, NEVER]),
  ...NEVER_TAG_KEYS.map((name): [string, ConditionKey] => [name, { ...NEVER, namesTag: true }]),
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

/** The keys whose values only a request, or the object, tells. */
export const openKeys = ({
  isAddressKnown,
  isSigned,
}: {
  readonly isAddressKnown: boolean
  readonly isSigned: boolean
}): ReadonlySet<string> =>
  new Set(
    [...CONDITION_KEYS]
      .filter(
        ([name, { isSettled = false, needsSignature = false }]) =>
          !isSettled && !(isAddressKnown && name === 'aws:sourceip') && (isSigned || !needsSignature),
      )
      .map(([name]) => name),
  )
