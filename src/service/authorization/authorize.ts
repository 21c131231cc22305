import type { Principal, RolePrincipal } from '../principal.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { both, withinScope, withinScopeOfService } from './within-scope.ts'
import { aclGrants, bucketAclPermission, objectAclPermission } from './access-control-list.ts'
import { areAclsInForce, enforcesOwner } from './acls-in-force.ts'
import type { ObjectAction, S3Action } from '../../model/s3/action.ts'
import { BUCKET_CHANGE_ACTIONS, isObjectAction, isUploadAction } from '../../model/s3/action.ts'
import { matchPolicy } from './policy/evaluate.ts'
import { TooMuchMatching } from './policy/matching-work.ts'
import { isPublicPolicy } from './policy/public-policy.ts'
import { policyOf } from './policy/stored-policy.ts'
import { ALLOW, NEEDS_OBJECT, deny } from './question.ts'
import type { AccessQuestion, Decision } from './question.ts'

const bucketChangeActions: ReadonlySet<S3Action> = new Set<S3Action>(BUCKET_CHANGE_ACTIONS)

/** What applications set of their bucket at their first start, and a bucket's key may set: it opens nothing and locks nobody out. */
const APPLICATION_SETTINGS: ReadonlySet<S3Action> = new Set<S3Action>([
  's3:PutBucketCORS',
  's3:PutBucketTagging',
  's3:PutBucketVersioning',
  's3:PutEncryptionConfiguration',
  's3:PutLifecycleConfiguration',
])

/**
 * What only an account's own credentials may do: a bucket key or a resource works with the objects of a bucket and sets what applications set
 * up, and changes nothing that opens the bucket or locks its account out (docs/decisions/what-bucket-keys-may-not-do.md).
 */
const ACCOUNT_ONLY_ACTIONS: ReadonlySet<S3Action> = new Set<S3Action>([
  ...BUCKET_CHANGE_ACTIONS.filter((action) => !APPLICATION_SETTINGS.has(action)),
  's3:BypassGovernanceRetention',
  's3:CreateBucket',
])

/** What nobody in particular may do, whatever a policy or an ACL grants: read its policy, change it, or what keeps its objects from deletion. */
const SIGNED_ONLY_ACTIONS: ReadonlySet<S3Action> = new Set<S3Action>([
  ...BUCKET_CHANGE_ACTIONS,
  's3:GetBucketPolicy',
  's3:BypassGovernanceRetention',
  's3:PutObjectLegalHold',
  's3:PutObjectRetention',
])

/**
 * The policy itself is the business of the owner's account, whatever it grants to others; and the owner's root credentials keep these whatever it
 * says, so that no policy locks its owner out.
 */
const POLICY_ACTIONS: ReadonlySet<S3Action> = new Set<S3Action>([
  's3:GetBucketPolicy',
  's3:PutBucketPolicy',
  's3:DeleteBucketPolicy',
])

/** What a read-only account may do (docs/decisions/read-only-accounts.md says why listing is part of it). */
const READ_ONLY_ACTIONS: ReadonlySet<S3Action> = new Set<S3Action>([
  's3:GetBucketLocation',
  's3:GetObject',
  's3:GetObjectAttributes',
  's3:GetObjectTagging',
  's3:GetObjectVersion',
  's3:GetObjectVersionAttributes',
  's3:GetObjectVersionTagging',
  's3:ListBucket',
  's3:ListBucketVersions',
])

/**
 * Decides whether a data-plane request may go on: a pure function of what it is given, cheap enough for every request.
 *
 * 1. A bucket key, an application key and a resource stay inside their buckets, and an application key inside all else that it is bound by.
 * 2. The policy itself stays within the owner's account, and nobody in particular changes the bucket.
 * 3. An explicit Deny of the bucket policy wins over everything but the owner's hold on the policy itself.
 * 4. `BlockPublicAcls` refuses to make anything public.
 * 5. The owning side (its account, the bucket's and the account's keys, attached resources) may do the rest; but where S3's ACLs are in force, what
 *    another account uploaded is read as its ACL says.
 * 6. Others need a grant: the policy, Lightsail's access rules, read-only accounts, an ACL in force, or to have begun the upload.
 * 7. Whom nothing lets in is not held against what the policy denies; and whoever asks for more than a request may cost is refused.
 *
 * When the object turns out not to exist, ask again with `object: null`: `allow` then means that the asker may learn so (`NoSuchKey`),
 * `deny` that it may not (`AccessDenied`).
 */
export function authorize(question: AccessQuestion): Decision {
  const { principal } = question
  try {
    const decision = decide(question)
    if (principal.type !== 'role' || principal.parent === null || decision.outcome === 'deny') return decision
    return both(decision, decide({ ...question, principal: principal.parent }))
  } catch (error) {
    if (error instanceof TooMuchMatching) return deny('too-much-matching')
    throw error
  }
}

const decide = (question: AccessQuestion): Decision =>
  question.bucket === null ? authorizeOnService(question) : authorizeOnBucket(question, question.bucket)

function authorizeOnBucket(question: AccessQuestion, bucket: BucketRecord): Decision {
  const { principal, action } = question
  const outside = outsideOf(question, bucket) ?? ownersOnly(principal, action, bucket)
  if (outside) return outside

  const policy = bucket.policy === undefined ? null : policyOf(bucket)
  const isOwner = principal.type === 'account' && principal.accountId === bucket.accountId
  const isInside = isOwner || isKey(principal)
  // The owning side needs no grant.
  const allows = policy === null || isInside ? 'no' : matchPolicy(policy, 'Allow', question, bucket)
  const asksForMissing = question.object === null && isAboutVersion(action)
  if (!isInside && !asksForMissing && allows === 'no') {
    const ungranted = authorizeOutside(question, bucket, false)
    if (ungranted.outcome === 'deny') return ungranted
  }

  const denies = policy === null ? 'no' : matchPolicy(policy, 'Deny', question, bucket)
  if (denies === 'yes' && !(isOwner && POLICY_ACTIONS.has(action))) return deny('explicit-deny')
  if (denies === 'unknown' || allows === 'unknown') return NEEDS_OBJECT
  if (question.request.givesPublicAcl === true && blocksPublicAcls(bucket))
    return deny('public-access-blocked')

  if (isInside && !(isObjectAction(action) && areAclsInForce(bucket)))
    // A key that may read and not list does not find out which objects there are.
    return asksForMissing && isBound(principal) ? authorizeMissingObject(question) : ALLOW
  if (asksForMissing) return authorizeMissingObject(question)
  if (isInside) return authorizeInside(question, bucket)
  return authorizeOutside(question, bucket, allows === 'yes')
}

/** What is done with a version that must be there and that no object ACL allows. */
const VERSION_ACTIONS: ReadonlySet<S3Action> = new Set<S3Action>([
  's3:DeleteObjectTagging',
  's3:DeleteObjectVersionTagging',
  's3:GetObjectLegalHold',
  's3:GetObjectRetention',
  's3:GetObjectTagging',
  's3:GetObjectVersionTagging',
  's3:PutObjectLegalHold',
  's3:PutObjectRetention',
  's3:PutObjectTagging',
  's3:PutObjectVersionTagging',
])

/** Whether who does it learns whether the object is there. */
const isAboutVersion = (action: S3Action): boolean =>
  objectAclPermission(action) !== null || VERSION_ACTIONS.has(action)

/** Whether a policy has a say in what somebody may do in a bucket: the bucket's, or the key's own. */
export function isUnderPolicy(principal: Principal, bucket: BucketRecord): boolean {
  if (bucket.policy !== undefined) return true
  if (!isBound(principal)) return false
  const { policy, and } = principal.scope
  return policy !== null || and !== undefined || (principal.type === 'role' && isUnderPolicyOf(principal))
}

const isUnderPolicyOf = ({ parent }: RolePrincipal): boolean =>
  parent?.type === 'application-key' && parent.scope.policy !== null

/** Whether public ACLs are refused. Where the owner enforces ownership, every ACL is, later and with an error of its own. */
function blocksPublicAcls(bucket: BucketRecord): boolean {
  return bucket.publicAccessBlock?.blockPublicAcls === true && !enforcesOwner(bucket)
}

/** What acts in the account's buckets without being the account. */
const isKey = (principal: Principal): boolean =>
  isBound(principal) || principal.type === 'bucket-key' || principal.type === 'resource'

/** Who is kept to a scope of rights and bounds. */
export const isBound = (
  principal: Principal,
): principal is Extract<Principal, { readonly type: 'application-key' | 'role' }> =>
  principal.type === 'application-key' || principal.type === 'role'

/** What is refused to whoever holds a key, also to one that may do in S3 what the account may otherwise: locks are there against it. */
const LOCK_ACTIONS: ReadonlySet<S3Action> = new Set<S3Action>([
  's3:BypassGovernanceRetention',
  's3:PutBucketObjectLockConfiguration',
])

/** Whether only the account's own credentials may do it, and not these. */
function isAccountsAlone(principal: Principal, action: S3Action): boolean {
  if (principal.type === 'account') return false
  const isWhole = isBound(principal) && principal.scope.isWholeAccount
  return (isWhole ? LOCK_ACTIONS : ACCOUNT_ONLY_ACTIONS).has(action)
}

function authorizeOnService(question: AccessQuestion): Decision {
  const { principal, action } = question
  if (principal.type === 'anonymous') return deny('anonymous')
  if (isAccountsAlone(principal, action)) return deny('account-only')
  if (isBound(principal)) {
    const within = withinScopeOfService(principal.scope, question)
    if (within.outcome !== 'allow') return within
  }
  // An account may set up a bucket that it makes as it may its buckets.
  const isWhole = isBound(principal) && principal.scope.isWholeAccount
  const isOwnBucket = (principal.type === 'account' || isWhole) && bucketChangeActions.has(action)
  return isOwnBucket || action === 's3:ListAllMyBuckets' || action === 's3:CreateBucket'
    ? ALLOW
    : deny('not-granted')
}

/** Refuses a key or a resource that is not inside this bucket, or wants what only accounts may; null for all others. */
function outsideOf(question: AccessQuestion, bucket: BucketRecord): Decision | null {
  const { principal, action } = question
  if (principal.type === 'bucket-key') {
    if (principal.bucketId !== bucket.bucketId) return deny('other-bucket')
  } else if (isBound(principal)) {
    if (principal.accountId !== bucket.accountId) return deny('other-bucket')
    const within = withinScope(principal.scope, question, bucket)
    if (within.outcome !== 'allow') return within
  } else if (principal.type === 'resource') {
    const isAttached =
      principal.accountId === bucket.accountId &&
      principal.region === bucket.region &&
      bucket.receivers.some(({ name }) => name === principal.resourceName)
    if (!isAttached) return deny('not-attached')
  } else {
    return null
  }
  return isAccountsAlone(principal, action) ? deny('account-only') : null
}

/** Refuses what no grant to others can allow; null for all else. */
function ownersOnly(principal: Principal, action: S3Action, bucket: BucketRecord): Decision | null {
  if (principal.type === 'anonymous') return SIGNED_ONLY_ACTIONS.has(action) ? deny('anonymous') : null
  const isOthers = principal.accountId !== bucket.accountId
  return isOthers && POLICY_ACTIONS.has(action) ? deny('account-only') : null
}

/** Of an object that does not exist, only those who may list it are told so: a policy may let them list some prefixes alone. */
function authorizeMissingObject(question: AccessQuestion): Decision {
  const { principal, bucket, objectKey = '', request, memory } = question
  return decide({
    principal,
    action: 's3:ListBucket',
    bucket,
    object: null,
    request: { ...request, listing: { ...request.listing, prefix: objectKey } },
    memory,
  })
}

/** The owning side, where ACLs are in force: another account's object is read by its ACL. */
function authorizeInside(question: AccessQuestion, bucket: BucketRecord): Decision {
  const { action, object } = question
  const permission = objectAclPermission(action)
  if (permission === null) return ALLOW
  if (object === undefined) return NEEDS_OBJECT
  if (object === null || object.ownerAccountId === bucket.accountId) return ALLOW
  const owner: Principal = { type: 'account', accountId: bucket.accountId, accessKeyId: '' }
  const ignoresPublic = bucket.publicAccessBlock?.ignorePublicAcls === true
  return aclGrants(object.acl, owner, permission, ignoresPublic) ? ALLOW : deny('not-granted')
}

function authorizeOutside(
  question: AccessQuestion,
  bucket: BucketRecord,
  isAllowedByPolicy: boolean,
): Decision {
  const { principal, action } = question
  const isRestricted = bucket.publicAccessBlock?.restrictPublicBuckets === true
  if (isAllowedByPolicy && !(isRestricted && isPublicPolicy(policyOf(bucket)))) return ALLOW
  if (!isRestricted) {
    if (action === 's3:GetObject' && bucket.accessRules.getObject === 'public') return ALLOW
    if (
      principal.type === 'account' &&
      READ_ONLY_ACTIONS.has(action) &&
      bucket.readonlyAccessAccounts.includes(principal.accountId)
    ) {
      return ALLOW
    }
  }
  return (
    authorizeByAcl(question, bucket) ??
    authorizeInitiator(question) ??
    deny(principal.type === 'anonymous' ? 'anonymous' : 'not-granted')
  )
}

/** Who began an upload may list its parts and abort it: what was begun must not stay for want of a right. Null: it is not that. */
function authorizeInitiator({ principal, action, object }: AccessQuestion): Decision | null {
  if (principal.type !== 'account' || !isUploadAction(action)) return null
  if (object === undefined) return NEEDS_OBJECT
  return object?.initiatorAccountId === principal.accountId ? ALLOW : null
}

/** What the one who may put an object by the bucket's ACL may give it at once. Its lock stays the bucket's own business. */
const NEW_OBJECT_ACTIONS: ReadonlySet<S3Action> = new Set<S3Action>([
  's3:PutObjectAcl',
  's3:PutObjectTagging',
])

/** `allow`, `needs-object`, or null when no ACL grants it. */
function authorizeByAcl(question: AccessQuestion, bucket: BucketRecord): Decision | null {
  const { principal, action, object } = question
  const ignoresPublic = bucket.publicAccessBlock?.ignorePublicAcls === true
  const isInForce = areAclsInForce(bucket)
  if (isInForce) {
    const permission = bucketAclPermission(action)
    if (permission !== null && aclGrants(bucket.acl, principal, permission, ignoresPublic)) return ALLOW
    if (NEW_OBJECT_ACTIONS.has(action)) {
      if (object === undefined) return NEEDS_OBJECT
      if (object?.isNew && aclGrants(bucket.acl, principal, 'WRITE', ignoresPublic)) return ALLOW
    }
  }
  const permission = objectAclPermission(action)
  if (permission === null || !(isInForce || isOverridable(bucket, action))) return null
  if (object === undefined) return NEEDS_OBJECT
  if (object === null) return null
  const isObjectOwner = principal.type === 'account' && principal.accountId === object.ownerAccountId
  if (isInForce && isObjectOwner) return ALLOW
  return aclGrants(object.acl, isInForce ? principal : { type: 'anonymous' }, permission, ignoresPublic)
    ? ALLOW
    : null
}

/** In a Lightsail bucket an object's ACL can do one thing: make that object readable for everyone, where the bucket lets it. */
function isOverridable(bucket: BucketRecord, action: S3Action): action is ObjectAction {
  const isRead = action === 's3:GetObject' || action === 's3:GetObjectVersion'
  const isRestricted = bucket.publicAccessBlock?.restrictPublicBuckets === true
  return isRead && !isRestricted && bucket.origin === 'lightsail' && bucket.accessRules.allowPublicOverrides
}
