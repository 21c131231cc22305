import { isObjectAction, type S3Action } from '../../model/s3/action.ts'
import type { KeyHolder } from '../principal.ts'
import type { BucketRecord } from '../records/bucket.ts'
import type { ApplicationCredential } from '../records/credential.ts'
import { actionsOfRights } from './key-rights.ts'
import { compileAddressRanges } from './policy/condition-operators.ts'
import { matchPolicy } from './policy/evaluate.ts'
import type { KeyScope } from './key-scope.ts'
import type { MatchingWork } from './policy/matching-work.ts'
import { compilePrefixes } from './policy/prefix-set.ts'
import { keyPolicyOf } from './policy/stored-policy.ts'
import { ALLOW, NEEDS_OBJECT, deny } from './question.ts'
import type { AccessQuestion, Decision } from './question.ts'

/** What binds a key or a role, as it is stored. */
type StoredBounds = Pick<
  ApplicationCredential,
  'buckets' | 'rights' | 'policy' | 'prefixes' | 'sourceNetworks'
>

/** Makes a key's scope ready. The record was checked before it was stored. */
export function scopeOf({ accessKeyId, ...bounds }: StoredBounds & { accessKeyId: string }): KeyScope {
  return boundsScope(bounds, accessKeyId)
}

/** Makes the scope of a role ready, and of a session that is kept to a policy of its own besides. */
export function roleScope(
  bounds: StoredBounds,
  { roleId, session }: { readonly roleId: string; readonly session: PolicyText | null },
): KeyScope {
  const scope = boundsScope(bounds, roleId)
  if (session === null) return scope
  // Its policy says what there is to do; what takes a whole account is in no policy.
  return { ...scope, isWholeAccount: false, and: { ...UNBOUND, policy: session } }
}

/** A policy, and the id that it is kept ready under. */
type PolicyText = NonNullable<KeyScope['policy']>

const UNBOUND: KeyScope = {
  bucketIds: null,
  actions: null,
  policy: null,
  isInPrefixes: null,
  isInNetworks: null,
  isWholeAccount: false,
}

function boundsScope(
  { buckets, rights, policy, prefixes, sourceNetworks }: StoredBounds,
  id: string,
): KeyScope {
  return {
    bucketIds: buckets ? new Set(buckets.map(({ bucketId }) => bucketId)) : null,
    actions: policy === undefined ? actionsOfRights(rights ?? []) : null,
    policy: policy === undefined ? null : { id, text: policy },
    isInPrefixes: prefixes ? compilePrefixes(prefixes) : null,
    isInNetworks: sourceNetworks ? compileAddressRanges(sourceNetworks) : null,
    isWholeAccount: rights?.includes('full') === true && !buckets && !prefixes && policy === undefined,
  }
}

/** Whether a key may be used from an address. */
export function isUsableFrom({ isInNetworks }: KeyScope, sourceIp: string): boolean {
  return isInNetworks === null || isInNetworks(sourceIp, null)
}

/** Whether whoever it is may ask anything from an address. */
export function isPrincipalUsableFrom(principal: KeyHolder, sourceIp: string): boolean {
  if (principal.type !== 'application-key' && principal.type !== 'role') return true
  if (!isUsableFrom(principal.scope, sourceIp)) return false
  const parent = principal.type === 'role' ? principal.parent : null
  return parent === null || isPrincipalUsableFrom(parent, sourceIp)
}

/** What is done with the service or a bucket and concerns a part of the bucket's objects that the request names by their prefix. */
const LISTING_ACTIONS: ReadonlySet<S3Action> = new Set<S3Action>([
  's3:ListBucket',
  's3:ListBucketMultipartUploads',
  's3:ListBucketVersions',
])

/** What of a bucket as a whole a key of some prefixes may ask besides. */
const ACTIONS_BESIDE_PREFIXES: ReadonlySet<S3Action> = new Set<S3Action>([
  's3:GetBucketObjectLockConfiguration',
  's3:GetBucketVersioning',
])

/**
 * Whether a request is within what the key is for; what `allow` means is decided by all other rules. Each bound takes something away and none gives
 * anything: a key is as narrow as all of them together.
 */
export function withinScope(scope: KeyScope, question: AccessQuestion, bucket: BucketRecord): Decision {
  const within = withinOne(scope, question, bucket)
  return scope.and && within.outcome !== 'deny'
    ? both(within, withinScope(scope.and, question, bucket))
    : within
}

/** What two decisions allow together, of which the first is no refusal. */
export const both = (first: Decision, second: Decision): Decision =>
  second.outcome === 'allow' ? first : second

function withinOne(scope: KeyScope, question: AccessQuestion, bucket: BucketRecord): Decision {
  const { action, request, memory } = question
  if (scope.bucketIds && !scope.bucketIds.has(bucket.bucketId)) return deny('other-bucket')
  if (!isUsableFrom(scope, request.sender.sourceIp)) return deny('other-network')
  // That its bucket is there, and where, is for every key whose policy does not deny it: nothing is listed.
  if (action === 's3:GetBucketLocation' || (action === 's3:ListBucket' && request.listsNothing === true))
    return withoutDeny(scope, question, bucket)
  if (!isInPrefixes(scope, question, memory.work)) return deny('other-prefix')
  if (scope.actions) return isAllowed(scope.actions, question) ? ALLOW : deny('not-granted')
  return withinPolicy(scope, question, bucket)
}

const ACL_CHANGES: ReadonlySet<S3Action> = new Set<S3Action>(['s3:PutObjectAcl', 's3:PutObjectVersionAcl'])

/**
 * Who may not read what is there does not open it either, to itself among others: without that right a key gives ACLs to what it stores, and to
 * nothing else.
 */
function isAllowed(actions: ReadonlySet<S3Action>, { action, request }: AccessQuestion): boolean {
  const opensStored = ACL_CHANGES.has(action) && request.createsObject === undefined
  return actions.has(action) && (!opensStored || actions.has('s3:GetObject'))
}

/** Refuses what a key's policy denies; what it does not allow is let through here. */
function withoutDeny(
  { policy }: KeyScope,
  question: AccessQuestion,
  place: Pick<BucketRecord, 'name'>,
): Decision {
  if (policy === null) return ALLOW
  const denies = matchPolicy(keyPolicyOf(policy), 'Deny', question, place)
  if (denies === 'unknown') return NEEDS_OBJECT
  return denies === 'yes' ? deny('explicit-deny') : ALLOW
}

/** The place of what is asked of no bucket, as policies write it. */
export const EVERYWHERE = { name: '*' }

/** As {@link withinScope}, for what concerns no bucket: a key's networks bind it, and its policy where that denies. */
export function withinScopeOfService(scope: KeyScope, question: AccessQuestion): Decision {
  if (!isUsableFrom(scope, question.request.sender.sourceIp)) return deny('other-network')
  const within = withoutDeny(scope, { ...question, object: null }, EVERYWHERE)
  return scope.and && within.outcome === 'allow' ? withinScopeOfService(scope.and, question) : within
}

function isInPrefixes(
  { isInPrefixes: matches }: KeyScope,
  { action, objectKey, request }: AccessQuestion,
  work: MatchingWork,
): boolean {
  if (matches === null) return true
  if (isObjectAction(action)) return objectKey !== undefined && matches(objectKey, work)
  if (LISTING_ACTIONS.has(action)) return matches(request.listing.prefix ?? '', work)
  return ACTIONS_BESIDE_PREFIXES.has(action)
}

function withinPolicy({ policy }: KeyScope, question: AccessQuestion, bucket: BucketRecord): Decision {
  if (policy === null) return deny('not-granted')
  const ready = keyPolicyOf(policy)
  const denies = matchPolicy(ready, 'Deny', question, bucket)
  if (denies === 'yes') return deny('explicit-deny')
  const allows = matchPolicy(ready, 'Allow', question, bucket)
  if (allows === 'no') return deny('not-granted')
  return denies === 'unknown' || allows === 'unknown' ? NEEDS_OBJECT : ALLOW
}
