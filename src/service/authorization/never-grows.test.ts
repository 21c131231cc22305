import assert from 'node:assert/strict'
import { it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import { requestFacts } from '../../../test/request-facts.ts'
import { SeededRandom } from '../../../test/seeded-random.ts'
import { S3_ACTIONS } from '../../model/s3/action.ts'
import { ANONYMOUS, type KeyHolder, type Principal, type RolePrincipal } from '../principal.ts'
import type { AccessControlList, BucketRecord } from '../records/bucket.ts'
import type { ApplicationCredential } from '../records/credential.ts'
import { KEY_RIGHTS } from '../../model/lugsail/access-key-shapes.ts'
import { authorize } from './authorize.ts'
import { roleScope, scopeOf } from './within-scope.ts'
import { DecisionMemory } from './policy/decision-memory.ts'
import { isPublicPolicy } from './policy/public-policy.ts'
import { policyOf } from './policy/stored-policy.ts'
import type { ObjectFacts } from './question.ts'
import type { RequestFacts } from './request-facts.ts'

const OWNER = '111111111111'
const OTHERS = ['222222222222', '333333333333'] as const
const RUNS = 20_000

interface Statement {
  readonly Effect: 'Allow' | 'Deny'
  readonly [member: string]: unknown
}

const random = new SeededRandom()
const maybe = () => random.below(2) === 0
const listOf = <T>(choices: readonly T[]): T[] =>
  Array.from({ length: 1 + random.below(3) }, () => random.oneOf(choices))

const CONDITIONS = [
  { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:db8::/40'] } },
  { NotIpAddress: { 'aws:SourceIp': '203.0.113.9/32' } },
  { StringEquals: { 's3:ExistingObjectTag/team': ['a', 'b'] } },
  { StringNotEquals: { 's3:RequestObjectTag/team': 'a' } },
  { 'ForAllValues:StringLike': { 's3:RequestObjectTagKeys': ['t*'] } },
  { 'ForAnyValue:StringEquals': { 's3:RequestObjectTagKeys': 'team' } },
  { StringLike: { 's3:prefix': 'a/*' } },
  { Bool: { 'aws:SecureTransport': 'true' } },
  { Null: { 's3:x-amz-acl': 'true' } },
  { StringEqualsIfExists: { 's3:VersionId': 'v' } },
  { StringEquals: { 'aws:PrincipalAccount': OTHERS[0] } },
  { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/keys/*' } },
] as const

function statement(effect: 'Allow' | 'Deny'): Statement {
  const who = random.oneOf(['*', { AWS: '*' }, { AWS: OTHERS[0] }, { AWS: [OWNER, ...OTHERS] }])
  const isNegated = effect === 'Deny' && random.below(6) === 0
  return {
    Effect: effect,
    [isNegated ? 'NotPrincipal' : 'Principal']: who,
    [random.below(6) === 0 ? 'NotAction' : 'Action']: listOf([
      's3:*',
      's3:Get*',
      's3:*Object*',
      's3:List*',
      's3:PutObject',
      's3:*Tagging',
      ...S3_ACTIONS,
    ]),
    [random.below(6) === 0 ? 'NotResource' : 'Resource']: [
      'arn:aws:s3:::mine',
      random.oneOf(['arn:aws:s3:::mine/*', 'arn:aws:s3:::mine/a/*', 'arn:aws:s3:::*']),
    ],
    ...(maybe() && { Condition: random.oneOf(CONDITIONS) }),
  }
}

function acl(ownerAccountId: string): AccessControlList {
  const grants = listOf(['READ', 'WRITE', 'READ_ACP', 'WRITE_ACP', 'FULL_CONTROL'] as const).map(
    (permission) => ({
      permission,
      grantee: random.oneOf([
        { type: 'group', group: 'AllUsers' } as const,
        { type: 'group', group: 'AuthenticatedUsers' } as const,
        { type: 'account', accountId: random.oneOf(OTHERS) } as const,
      ]),
    }),
  )
  return { ownerAccountId, grants }
}

/** What keys are bound by: `policy` in the place of rights. */
type Bounds = Pick<ApplicationCredential, 'buckets' | 'rights' | 'policy' | 'prefixes' | 'sourceNetworks'>

const PREFIXES = ['a/', 'a/b', 'c', 'a']
const NETWORKS = ['203.0.113.0/24', '198.51.100.7', '2001:db8::/32']

/** As the policy of a key has it, without a principal. */
function statementOfKey(effect: 'Allow' | 'Deny'): object {
  const members = Object.entries(statement(effect))
  return Object.fromEntries(members.filter(([name]) => !name.endsWith('Principal')))
}

function keyPolicy(): string {
  const statements = Array.from({ length: 1 + random.below(3) }, () =>
    statementOfKey(random.oneOf(['Allow', 'Allow', 'Deny'])),
  )
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

function bounds(): Bounds {
  return {
    ...(maybe() && { buckets: [{ name: 'mine', bucketId: random.oneOf(['id-1', 'id-1', 'id-0']) }] }),
    ...(random.below(3) === 0 ? { policy: keyPolicy() } : { rights: listOf(KEY_RIGHTS) }),
    ...(maybe() && { prefixes: listOf(PREFIXES) }),
    ...(maybe() && { sourceNetworks: listOf(NETWORKS) }),
  }
}

/** Ids of keys, each with a policy of its own. */
let keys = 0

function applicationKey(owner: { readonly accountId: string }, of: Bounds): ApplicationPrincipal {
  const accessKeyId = `AKIAAPPLICATION${++keys}`
  const common = { name: 'app', secret: '', status: 'Active', createdAt: 0, accessKeyId } as const
  const record = { type: 'application-key', ...common, ...of, accountId: owner.accountId } as const
  const { accountId } = owner
  return { type: 'application-key', accountId, accessKeyId, name: 'app', scope: scopeOf(record), of }
}

type SessionPrincipal = RolePrincipal & { readonly of: Bounds }

/** Who took a role with a key, or without. */
function roleOf(parent: Exclude<KeyHolder, RolePrincipal>, of: Bounds): SessionPrincipal {
  const { accountId } = parent
  const names = { name: 'role', roleId: `AROA${++keys}`, sessionName: 'job' }
  const scope = roleScope(of, { roleId: names.roleId, session: null })
  return { type: 'role', accountId, accessKeyId: `ASIA${keys}`, ...names, scope, parent, of }
}

const roleScopeOf = (principal: RolePrincipal, text: string) =>
  roleScope((principal as SessionPrincipal).of, {
    roleId: principal.roleId,
    session: { id: `ASIA${++keys}`, text },
  })

type ApplicationPrincipal = Extract<Principal, { readonly type: 'application-key' }> & { readonly of: Bounds }
const boundsOf = (principal: Principal): Bounds | null =>
  principal.type === 'application-key' ? (principal as ApplicationPrincipal).of : null

/** The key with less; null for all others, and where there is nothing to take. */
function narrowKey<F extends { readonly principal: Principal }>(
  from: F,
  narrow: (of: Bounds) => Bounds | null,
): F | null {
  const of = boundsOf(from.principal)
  const narrowed = of && narrow(of)
  if (!narrowed || from.principal.type === 'anonymous') return null
  return { ...from, principal: applicationKey(from.principal, narrowed) }
}

interface Rights {
  readonly bucket: BucketRecord
  readonly statements: readonly Statement[]
  readonly principal: Principal
  readonly object: ObjectFacts | null
}

function rights(): Rights {
  const blocks = () => maybe()
  const isS3 = maybe()
  const bucket = bucketRecord({
    bucketId: 'id-1',
    name: 'mine',
    accountId: OWNER,
    origin: isS3 ? 's3' : 'lightsail',
    accessRules: { getObject: random.oneOf(['public', 'private']), allowPublicOverrides: maybe() },
    readonlyAccessAccounts: maybe() ? [OTHERS[0]] : [],
    receivers: maybe() ? [{ name: 'web', resourceType: 'Instance' }] : [],
    ...(isS3 && maybe() && { acl: acl(OWNER) }),
    ...(maybe() && { objectOwnership: random.oneOf(['BucketOwnerEnforced', 'ObjectWriter'] as const) }),
    ...(random.below(3) === 0 && {
      publicAccessBlock: {
        blockPublicAcls: blocks(),
        ignorePublicAcls: blocks(),
        blockPublicPolicy: blocks(),
        restrictPublicBuckets: blocks(),
      },
    }),
  })
  const owner = { accountId: OWNER, accessKeyId: 'AKIAOWNER' }
  const principal = random.oneOf<Principal>([
    ANONYMOUS,
    { type: 'account', ...owner },
    { type: 'account', accountId: OTHERS[0], accessKeyId: 'AKIAOTHER' },
    { type: 'account', accountId: OTHERS[1], accessKeyId: 'AKIATHIRD' },
    { type: 'bucket-key', ...owner, bucketName: 'mine', bucketId: 'id-1' },
    { type: 'resource', ...owner, resourceName: 'web', region: 'us-east-1' },
    applicationKey(owner, bounds()),
    applicationKey(owner, bounds()),
    applicationKey(owner, { rights: ['full'] }),
    applicationKey({ accountId: OTHERS[0] }, bounds()),
    roleOf({ type: 'account', ...owner }, bounds()),
    roleOf({ type: 'account', ...owner }, { rights: ['full'] }),
    roleOf(applicationKey(owner, bounds()), bounds()),
  ])
  const ownerAccountId = random.oneOf([OWNER, ...OTHERS])
  const object: ObjectFacts | null =
    random.below(4) === 0
      ? null
      : {
          ownerAccountId,
          ...(maybe() && { acl: acl(ownerAccountId) }),
          ...(maybe() && { tags: [{ key: 'team', value: random.oneOf(['a', 'b', 'c']) }] }),
          ...(maybe() && { initiatorAccountId: random.oneOf(OTHERS) }),
        }
  const statements = Array.from({ length: random.below(4) }, () => statement(random.oneOf(['Allow', 'Deny'])))
  return { bucket, statements, principal, object }
}

const without = <T>(list: readonly T[]): T[] => list.toSpliced(random.below(list.length), 1)

/** Ways to take something away; null where there is nothing of the kind. */
const NARROWINGS: Readonly<Record<string, (from: Rights) => Rights | null>> = {
  'a Deny is added': (from) => ({ ...from, statements: [...from.statements, statement('Deny')] }),
  'an Allow is removed': (from) => {
    const at = from.statements.findIndex(({ Effect }) => Effect === 'Allow')
    if (at < 0) return null
    const narrowed = { ...from, statements: from.statements.toSpliced(at, 1) }
    // RestrictPublicBuckets takes away all that a public policy grants to others, as S3 has it: without what makes it public, the rest counts.
    const wasRestricted = from.bucket.publicAccessBlock?.restrictPublicBuckets === true
    const isFreed = isPublicPolicy(policyOf(bucketOf(from))) && !isPublicPolicy(policyOf(bucketOf(narrowed)))
    return wasRestricted && isFreed ? null : narrowed
  },
  'a grant of the bucket is removed': ({ bucket, ...from }) =>
    (bucket.acl && {
      ...from,
      bucket: { ...bucket, acl: { ...bucket.acl, grants: without(bucket.acl.grants) } },
    }) ||
    null,
  'a grant of the object is removed': ({ object, ...from }) =>
    object?.acl
      ? { ...from, object: { ...object, acl: { ...object.acl, grants: without(object.acl.grants) } } }
      : null,
  'public reading is switched off': ({ bucket, ...from }) => ({
    ...from,
    bucket: { ...bucket, accessRules: { getObject: 'private', allowPublicOverrides: false } },
  }),
  'accounts and resources are shut out': ({ bucket, ...from }) => ({
    ...from,
    bucket: { ...bucket, readonlyAccessAccounts: [], receivers: [] },
  }),
  'public access is blocked': ({ bucket, ...from }) => ({
    ...from,
    bucket: {
      ...bucket,
      publicAccessBlock: {
        blockPublicAcls: true,
        ignorePublicAcls: true,
        blockPublicPolicy: true,
        restrictPublicBuckets: true,
      },
    },
  }),
  'a role is taken': ({ principal, ...from }) =>
    principal.type === 'anonymous' || principal.type === 'role'
      ? null
      : { ...from, principal: roleOf(principal, random.below(3) === 0 ? { rights: ['full'] } : bounds()) },
  'a session of a role is kept to a policy': ({ principal, ...from }) =>
    principal.type === 'role'
      ? { ...from, principal: { ...principal, scope: roleScopeOf(principal, keyPolicy()) } }
      : null,
  'a role is taken by a key': ({ principal, ...from }) =>
    principal.type === 'role' && principal.parent?.type === 'account'
      ? { ...from, principal: { ...principal, parent: applicationKey(principal, bounds()) } }
      : null,
  'a root key becomes a bucket key': ({ principal, ...from }) =>
    principal.type === 'account' && principal.accountId === OWNER
      ? { ...from, principal: { ...principal, type: 'bucket-key', bucketName: 'mine', bucketId: 'id-1' } }
      : null,
  'a root key becomes an application key': ({ principal, ...from }) =>
    principal.type === 'account' && principal.accountId === OWNER
      ? { ...from, principal: applicationKey(principal, bounds()) }
      : null,
  'a bucket key becomes an application key of its bucket': ({ principal, ...from }) =>
    principal.type === 'bucket-key'
      ? {
          ...from,
          principal: applicationKey(principal, {
            ...bounds(),
            buckets: [{ name: 'mine', bucketId: principal.bucketId }],
          }),
        }
      : null,
  'an application key loses a right': (from) =>
    narrowKey(from, ({ rights = [], ...others }) =>
      rights.length < 2 ? null : { ...others, rights: without(rights) },
    ),
  'an application key has a lesser right': (from) =>
    narrowKey(from, ({ rights = [], ...others }) => {
      const lesser = rights.includes('full')
        ? (['read-write'] as const)
        : rights.includes('read-write')
          ? listOf(['read', 'write', 'list', 'delete'] as const)
          : null
      return lesser && { ...others, rights: lesser }
    }),
  'an application key has a policy in the place of full': (from) =>
    narrowKey(from, ({ rights, ...others }) =>
      rights?.includes('full') === true ? { ...others, policy: keyPolicy() } : null,
    ),
  'an application key’s policy denies more': (from) =>
    narrowKey(from, ({ policy, ...others }) => {
      if (policy === undefined) return null
      const document = JSON.parse(policy) as { Statement: object[] }
      const denial = statementOfKey('Deny')
      return {
        ...others,
        policy: JSON.stringify({ ...document, Statement: [...document.Statement, denial] }),
      }
    }),
  'an application key’s policy allows less': (from) =>
    narrowKey(from, ({ policy, ...others }) => {
      const document = JSON.parse(policy ?? '{}') as { Statement?: { Effect: string }[] }
      const { Statement = [] } = document
      const at = Statement.findIndex(({ Effect }) => Effect === 'Allow')
      if (at < 0 || Statement.length < 2) return null
      return { ...others, policy: JSON.stringify({ ...document, Statement: Statement.toSpliced(at, 1) }) }
    }),
  'an application key is for fewer buckets': (from) =>
    narrowKey(from, (of) => ({
      ...of,
      buckets: of.buckets ? [] : [{ name: 'mine', bucketId: random.oneOf(['id-1', 'id-0']) }],
    })),
  'an application key has fewer prefixes, or its first': (from) =>
    narrowKey(from, (of) => ({ ...of, prefixes: of.prefixes ? without(of.prefixes) : listOf(PREFIXES) })),
  'an application key has a longer prefix': (from) =>
    narrowKey(from, (of) =>
      of.prefixes ? { ...of, prefixes: of.prefixes.map((prefix) => `${prefix}b`) } : null,
    ),
  'an application key is used from fewer networks': (from) =>
    narrowKey(from, (of) => ({
      ...of,
      sourceNetworks: of.sourceNetworks ? without(of.sourceNetworks) : listOf(NETWORKS),
    })),
  'a bucket key is that of another bucket': ({ principal, ...from }) =>
    principal.type === 'bucket-key' ? { ...from, principal: { ...principal, bucketId: 'id-0' } } : null,
  'another account is nobody in particular': ({ principal, ...from }) =>
    principal.type === 'account' && from.statements.length === 0 && principal.accountId !== OWNER
      ? { ...from, principal: ANONYMOUS }
      : null,
}

function bucketOf({ bucket, statements }: Rights): BucketRecord {
  if (statements.length === 0) return bucket
  return { ...bucket, policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }) }
}

function request(): RequestFacts {
  const facts = requestFacts({
    sourceIp: random.oneOf(['203.0.113.9', '198.51.100.7']),
    isSecure: maybe(),
  })
  return {
    ...facts,
    given: maybe() ? { cannedAcl: 'private' } : {},
    listing: { ...facts.listing, prefix: random.oneOf(['a/b', 'c', null]) },
    versionId: random.oneOf(['v', null]),
    ...(maybe() && { requestTags: [{ key: random.oneOf(['team', 'other']), value: 'a' }] }),
    ...(maybe() && { givesPublicAcl: true }),
    ...(maybe() && { listsNothing: true }),
    ...(maybe() && { createsObject: maybe() }),
  }
}

it(`a decision never grows when something is taken away (LUGSAIL_TEST_SEED=${random.seed})`, () => {
  let allowed = 0
  for (let run = 0; run < RUNS; run++) {
    const before = rights()
    const [what, narrow] = random.oneOf(Object.entries(NARROWINGS))
    const after = narrow(before)
    if (!after) continue
    const action = random.oneOf(S3_ACTIONS)
    const facts = request()
    const isOfService = random.below(8) === 0
    const decide = (from: Rights) =>
      authorize({
        principal: from.principal,
        action,
        bucket: isOfService ? null : bucketOf(from),
        objectKey: 'a/b',
        object: from.object,
        request: facts,
        memory: new DecisionMemory(),
      }).outcome
    const [first, second] = [decide(before), decide(after)]
    assert.notEqual(first, 'needs-object')
    if (first === 'allow') allowed++
    else assert.equal(second, 'deny', JSON.stringify({ what, action, before, after, facts }))
  }
  assert.ok(allowed > RUNS / 50, `only ${allowed} of ${RUNS} decisions allowed anything`)
})
