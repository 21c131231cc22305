import { isIP } from 'node:net'
import {
  BUCKET_DOINGS,
  type ACCESS_OUTCOMES,
  type ACCESS_RULES,
} from '../../model/lugsail/get-bucket-access.ts'
import type { S3Action } from '../../model/s3/action.ts'
import { invalid } from '../application-keys/key-description.ts'
import { getOwnBucket } from '../buckets/own-bucket.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { findCredential } from '../credentials/find-credential.ts'
import { DomainError, isDomainError } from '../errors/domain-error.ts'
import { credentialKey } from '../keyspace.ts'
import { ANONYMOUS, type Principal } from '../principal.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { credentialCodec } from '../records/credential.ts'
import { authorize } from './authorize.ts'
import { checkPolicy } from './policy/check-policy.ts'
import { DecisionMemory } from './policy/decision-memory.ts'
import { matchPolicy } from './policy/evaluate.ts'
import { TooMuchMatching } from './policy/matching-work.ts'
import { Policy } from './policy/policy.ts'
import { policyOf } from './policy/stored-policy.ts'
import type { AccessQuestion, Decision } from './question.ts'

type Doing = (typeof BUCKET_DOINGS)[number]
type Rule = (typeof ACCESS_RULES)[number]

/** What is tried, each with the action that stands for it. */
const TRIED: Readonly<Record<Doing, S3Action>> = {
  read: 's3:GetObject',
  write: 's3:PutObject',
  list: 's3:ListBucket',
  delete: 's3:DeleteObject',
  settings: 's3:PutLifecycleConfiguration',
}

type DenyReason = Extract<Decision, { readonly outcome: 'deny' }>['reason']

/** By which rule something is refused; of a Deny it is looked up whose it is. */
const RULE_OF_DENIAL: Readonly<Record<DenyReason, Rule>> = {
  'not-granted': 'no-grant',
  anonymous: 'no-grant',
  'other-bucket': 'key-buckets',
  'other-network': 'key-networks',
  'other-prefix': 'key-prefixes',
  'not-attached': 'key-buckets',
  'account-only': 'account-only',
  'explicit-deny': 'key-policy',
  'public-access-blocked': 'public-access',
  'too-much-matching': 'bucket-policy',
}

/** Whether something may be done, and by which rule. */
interface BucketAccess {
  readonly doing: Doing
  readonly action: S3Action
  readonly outcome: (typeof ACCESS_OUTCOMES)[number]
  readonly rule: Rule
  /** Of a bucket policy: the Sid, or `#1`. */
  readonly statement?: string
}

interface AccessAsked {
  readonly bucketName: string
  /** Absent: somebody without a key. */
  readonly accessKeyId?: string | undefined
  readonly objectKey?: string | undefined
  readonly sourceAddress?: string | undefined
  /** In the place of the bucket's own policy. */
  readonly policy?: string | undefined
}

/** A name that no rule is about but those about every name. */
const UNNAMED = '\u{10fffd}'

/**
 * Puts what somebody may want in a bucket to the rules that decide on requests, and tells what they say. Throws `NoSuchBucket`, `NoSuchKeyId`
 * for a key that is none of the account, and `InvalidApplicationKey` for a policy or an address that is none.
 */
export async function readBucketAccess(
  context: ServiceContext,
  caller: Caller,
  { bucketName, accessKeyId, objectKey, sourceAddress, policy }: AccessAsked,
): Promise<readonly BucketAccess[]> {
  if (sourceAddress !== undefined && isIP(sourceAddress) === 0)
    throw invalid(`The source address ${sourceAddress} is no IP address`)
  const { record } = await getOwnBucket(context, caller, bucketName)
  const bucket = policy === undefined ? record : await withPolicy(context, record, policy)
  const key = accessKeyId === undefined ? null : await readOwnKey(context, caller.accountId, accessKeyId)
  if (key && !key.counts)
    return BUCKET_DOINGS.map((doing) => ({
      doing,
      action: TRIED[doing],
      outcome: 'denied',
      rule: 'key-stopped',
    }))
  const question: Omit<AccessQuestion, 'action' | 'memory'> = {
    principal: key?.principal ?? ANONYMOUS,
    bucket,
    objectKey: objectKey ?? UNNAMED,
    request: {
      sender: {
        sourceIp: sourceAddress ?? key?.network ?? 'unknown',
        isSecure: true,
        now: context.clock.now(),
      },
      given: {},
      listing: { prefix: objectKey ?? null, delimiter: null, maxKeys: null },
      versionId: null,
      ifMatch: null,
      ifNoneMatch: null,
      payloadHash: null,
      lock: {},
    },
  }
  return BUCKET_DOINGS.map((doing) => tried(doing, question, bucket))
}

async function withPolicy(
  context: ServiceContext,
  record: BucketRecord,
  policy: string,
): Promise<BucketRecord> {
  try {
    return { ...record, policy: (await checkPolicy(context, policy, record.name)).text }
  } catch (error) {
    if (isDomainError(error, 'MalformedPolicy')) throw invalid(error.fields.problem, error)
    throw error
  }
}

interface OwnKey {
  readonly principal: Principal
  /** An address of the first of its networks. */
  readonly network: string | undefined
  readonly counts: boolean
}

async function readOwnKey(context: ServiceContext, accountId: string, accessKeyId: string): Promise<OwnKey> {
  const entries = await context.metadata.getMany([credentialKey(accessKeyId)])
  const stored = entries[0] ? credentialCodec.decode(entries[0].value) : null
  const { credential, stopped } = findCredential(context, { accessKeyId, session: null }, entries)
  const found = credential ?? stopped
  if (stored?.accountId !== accountId || !found) throw new DomainError('NoSuchKeyId', { accessKeyId })
  const [network] = ('sourceNetworks' in stored && stored.sourceNetworks) || []
  return { principal: found.principal, network: network?.split('/')[0], counts: credential !== null }
}

function tried(
  doing: Doing,
  asked: Omit<AccessQuestion, 'action' | 'memory'>,
  bucket: BucketRecord,
): BucketAccess {
  const action = TRIED[doing]
  const { objectKey, ...rest } = asked
  const isOfBucket = doing === 'list' || doing === 'settings'
  const question: AccessQuestion = {
    ...rest,
    ...(!isOfBucket && objectKey !== undefined && { objectKey }),
    request: { ...asked.request, ...(doing === 'write' && { createsObject: true }) },
    action,
    memory: new DecisionMemory(),
  }
  const decision = authorize(question)
  const told = { doing, action }
  const statementOf = (effect: 'Allow' | 'Deny') => statementThatApplies(question, bucket, effect)
  if (decision.outcome === 'needs-object') return { ...told, outcome: 'depends', rule: 'object' }
  const isAllowed = decision.outcome === 'allow'
  if (!isAllowed) {
    const statement = decision.reason === 'explicit-deny' ? statementOf('Deny') : null
    return statement === null
      ? { ...told, outcome: 'denied', rule: RULE_OF_DENIAL[decision.reason] }
      : { ...told, outcome: 'denied', rule: 'bucket-policy', statement }
  }
  const rule = ruleOfOwner(question.principal)
  if (rule !== null) return { ...told, outcome: 'allowed', rule }
  const statement = statementOf('Allow')
  return statement === null
    ? { ...told, outcome: 'allowed', rule: 'public-access' }
    : { ...told, outcome: 'allowed', rule: 'bucket-policy', statement }
}

/** By which rule the owning side may do what nothing denies it; null: it is not of it. */
function ruleOfOwner(principal: Principal): Rule | null {
  if (principal.type === 'account') return 'account'
  if (principal.type === 'anonymous') return null
  return principal.type === 'application-key' || principal.type === 'role' ? 'key-rights' : 'key'
}

/**
 * The statement of the bucket's policy that applies, the first of them: its Sid, or its place. Null: none does, or to find it would cost more than one
 * request may spend, the decision included.
 */
function statementThatApplies(
  question: AccessQuestion,
  bucket: BucketRecord,
  effect: 'Allow' | 'Deny',
): string | null {
  if (bucket.policy === undefined) return null
  const at = placeOfStatement(question, bucket, effect)
  if (at < 0) return null
  const { Statement: written } = JSON.parse(bucket.policy) as PolicyDocument
  const { Sid: sid } = [written].flat()[at] ?? {}
  return sid === undefined || sid === '' ? `#${at + 1}` : sid
}

function placeOfStatement(question: AccessQuestion, bucket: BucketRecord, effect: 'Allow' | 'Deny'): number {
  try {
    return policyOf(bucket).statements.findIndex(
      (statement) => matchPolicy(new Policy([statement]), effect, question, bucket) === 'yes',
    )
  } catch (error) {
    if (error instanceof TooMuchMatching) return -1
    throw error
  }
}

/** The part of a policy document that names its statements; it was checked before it was stored. */
interface PolicyDocument {
  readonly Statement: StatementDocument | readonly StatementDocument[]
}

interface StatementDocument {
  readonly Sid?: string
}
