import { authorize } from '../src/service/authorization/authorize.ts'
import { cannedAcl, type CannedAcl } from '../src/service/authorization/access-control-list.ts'
import { DecisionMemory } from '../src/service/authorization/policy/decision-memory.ts'
import type { ObjectFacts } from '../src/service/authorization/question.ts'
import type { RequestFacts } from '../src/service/authorization/request-facts.ts'
import type { S3Action } from '../src/model/s3/action.ts'
import type { Principal } from '../src/service/principal.ts'
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
