import { authorize } from '../src/service/authorization/authorize.ts'
import { cannedAcl, type CannedAcl } from '../src/service/authorization/access-control-list.ts'
import { DecisionMemory } from '../src/service/authorization/policy/decision-memory.ts'
import type { ObjectFacts } from '../src/service/authorization/question.ts'
import type { RequestFacts } from '../src/service/authorization/request-facts.ts'
import type { S3Action } from '../src/model/s3/action.ts'
import { roleScope, scopeOf } from '../src/service/authorization/within-scope.ts'
import type { KeyHolder, Principal, RolePrincipal } from '../src/service/principal.ts'
import type { BucketRecord } from '../src/service/records/bucket.ts'
import { bucketRecord } from './bucket-record.ts'
import { requestFacts } from './request-facts.ts'

/** The account that owns `lightsailBucket`, and one that does not. */
export const OWNER = '111111111111'
export const OTHER = '222222222222'

export const lightsailBucket = bucketRecord({ bucketId: 'id-1', name: 'mine', accountId: OWNER })
export const request = requestFacts({ sourceIp: '203.0.113.9', now: Date.UTC(2030, 0, 1) })

export const account = (accountId: string): Principal => ({ type: 'account', accountId, accessKeyId: 'AKIA' })

export const bucketKey = (bucketId: string): Principal => ({
  type: 'bucket-key',
  accountId: OWNER,
  accessKeyId: 'AKIA',
  bucketName: 'mine',
  bucketId,
})

export const resource = (resourceName: string): Principal => ({
  type: 'resource',
  accountId: OWNER,
  accessKeyId: 'AKIA',
  resourceName,
  region: 'us-east-1',
})

/** An object with a canned ACL. */
export const withAcl = (acl: CannedAcl, ownerAccountId = OWNER): ObjectFacts => ({
  ownerAccountId,
  acl: cannedAcl(acl, { ownerAccountId, bucketOwnerAccountId: OWNER }),
})

/** What is decided for the object `a/b` of the bucket: `undefined` where nothing is known of it yet, `null` where it is missing. */
export function outcome(
  principal: Principal,
  action: S3Action,
  bucket: BucketRecord | null,
  object?: ObjectFacts | null,
  facts: Partial<RequestFacts> = {},
): string {
  return authorize({
    principal,
    action,
    bucket,
    objectKey: 'a/b',
    ...(object !== undefined && { object }),
    request: { ...request, ...facts },
    memory: new DecisionMemory(),
  }).outcome
}

type Bounds = Omit<Parameters<typeof scopeOf>[0], 'accessKeyId'>

let keys = 0
/** An application key of those bounds. */
export const keyOf = (bounds: Bounds, accountId = OWNER): Exclude<KeyHolder, RolePrincipal> => ({
  type: 'application-key',
  accountId,
  accessKeyId: 'AKIA',
  name: 'app',
  scope: scopeOf({ accessKeyId: `AKIA${++keys}`, ...bounds }),
})
/** A session of a role of those bounds, with a policy of its own where one is given. */
export const roleOf = (
  bounds: Bounds,
  parent: RolePrincipal['parent'] = null,
  session: string | null = null,
): RolePrincipal => ({
  type: 'role',
  accountId: OWNER,
  accessKeyId: 'ASIA',
  name: 'builds',
  roleId: 'AROA',
  sessionName: 'x',
  scope: roleScope(bounds, {
    roleId: `AROA${++keys}`,
    session: session === null ? null : { id: `session-${keys}`, text: session },
  }),
  parent,
})
/** A policy of these statements. */
export const policyText = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement })
const ALL = ['arn:aws:s3:::mine', 'arn:aws:s3:::mine/*']
/** A statement about the bucket `mine` and all in it. */
export const forEveryone = (Effect: 'Allow' | 'Deny', Action: string | readonly string[]) => ({
  Effect,
  Principal: '*',
  Action,
  Resource: ALL,
})
/** A bucket whose policy allows everyone everything. */
export const opened = { ...lightsailBucket, policy: policyText(forEveryone('Allow', 's3:*')) }
/** A bucket in which ACLs are in force. */
export const s3Bucket: BucketRecord = { ...lightsailBucket, origin: 's3' }
/** What a bucket blocks of public access. */
export const blocking = (more: Partial<NonNullable<BucketRecord['publicAccessBlock']>>) => ({
  publicAccessBlock: {
    blockPublicAcls: false,
    ignorePublicAcls: false,
    blockPublicPolicy: false,
    restrictPublicBuckets: false,
    ...more,
  },
})

/** What is known of the object and the request besides. */
export interface Asked {
  readonly object?: ObjectFacts | null
  readonly facts?: Partial<RequestFacts>
}

/** `allow`, `needs-object`, or the reason of the refusal. */
export function said(
  principal: Principal,
  action: S3Action,
  bucket: BucketRecord | null,
  { object, facts }: Asked = {},
): string {
  const decision = authorize({
    principal,
    action,
    bucket,
    objectKey: 'a/b',
    ...(object !== undefined && { object }),
    request: { ...request, ...facts },
    memory: new DecisionMemory(),
  })
  return decision.outcome === 'deny' ? decision.reason : decision.outcome
}
