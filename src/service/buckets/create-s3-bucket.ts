import { isDeepStrictEqual } from 'node:util'
import { ENCRYPTION_ALGORITHM } from '../../model/s3/shapes/encryption.ts'
import type { Admission } from '../admission.ts'
import type { Caller } from '../caller.ts'
import { isPublicAcl } from '../authorization/access-control-list.ts'
import type { Attempt } from '../commit/attempt.ts'
import { commitForCaller } from '../commit/commit-for-caller.ts'
import { accountTurn } from '../commit/turns.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError } from '../errors/domain-error.ts'
import type { AccessControlList, BucketRecord } from '../records/bucket.ts'
import { OLDEST_REGION } from './bucket-location.ts'
import { DEFAULT_BUNDLE_ID } from './bundles.ts'
import { newBucketRecord, newBucketSets, readNameAndQuota } from './new-bucket.ts'
import { refuseUselessAcl } from './object-ownership.ts'
import { isS3BucketName } from './s3-bucket-name.ts'

interface CreateS3BucketInput {
  readonly bucketName: string
  readonly tags?: BucketRecord['tags']
  /** Absent: private. */
  readonly acl?: AccessControlList
  readonly objectOwnership?: NonNullable<BucketRecord['objectOwnership']>
  readonly isObjectLockEnabled?: boolean
  /** As newBucketLocation gives it. */
  readonly locationConstraint?: string
}

/** What S3 gives every new bucket since 2023. */
const CURRENT_DEFAULTS = {
  objectOwnership: 'BucketOwnerEnforced',
  publicAccessBlock: {
    blockPublicAcls: true,
    ignorePublicAcls: true,
    blockPublicPolicy: true,
    restrictPublicBuckets: true,
  },
  encryption: { algorithm: ENCRYPTION_ALGORITHM, startedWith: 'in force' },
} as const satisfies Partial<BucketRecord>

/**
 * Makes a bucket as S3's CreateBucket does, closed as the setting `newBucketDefaults` says. Throws `InvalidBucketName`, `TooManyBuckets`,
 * `BucketAclNotInForce` and `PublicBucketAclBlocked` for an ACL that the bucket would not have,
 * `BucketNameTaken` (another account's, or one's own in us-east-1 with other settings), and `BucketOwnedAlready`; in us-east-1, one's own
 * bucket with the same ACL is given back instead. `credential` is that of the request: `AccessKeyStopped` when it is gone at the commit.
 */
export async function createS3Bucket(
  context: ServiceContext,
  caller: Caller,
  input: CreateS3BucketInput,
  credential: Admission['credential'] = null,
): Promise<BucketRecord> {
  const { bucketName, acl, objectOwnership, locationConstraint } = input
  if (!isS3BucketName(bucketName)) throw new DomainError('InvalidBucketName', { bucketName })
  const defaults: Partial<typeof CURRENT_DEFAULTS> =
    context.settings.newBucketDefaults === 'legacy' ? {} : CURRENT_DEFAULTS
  const settings = { ...defaults, ...(objectOwnership && { objectOwnership }) }
  refuseUselessAcl({ ...settings, accountId: caller.accountId, ...(acl && { acl }) })
  if (settings.publicAccessBlock?.blockPublicAcls === true && acl && isPublicAcl(acl))
    throw new DomainError('PublicBucketAclBlocked')
  const prepare = async (): Promise<Attempt<BucketRecord>> => {
    const free = await readNameAndQuota(context, caller.accountId, bucketName)
    if (free.holder) return { change: {}, result: existing(free.holder, caller, input) }
    const bucket = newBucketRecord(context, caller, bucketName, {
      origin: 's3',
      bundleId: DEFAULT_BUNDLE_ID,
      ...(input.tags && { tags: input.tags }),
      ...settings,
      ...(acl && { acl }),
      ...(locationConstraint !== undefined && { locationConstraint }),
      ...(input.isObjectLockEnabled === true && { objectLock: { enabled: true }, versioning: 'Enabled' }),
    })
    return {
      change: {
        checks: free.checks,
        sets: [...free.sets, ...newBucketSets(bucket)],
      },
      result: bucket,
    }
  }
  const signed = credential ? { credential } : {}
  return await commitForCaller(context, signed, accountTurn(caller.accountId), prepare)
}

function existing(holder: BucketRecord, caller: Caller, input: CreateS3BucketInput): BucketRecord {
  const isOwn = holder.accountId === caller.accountId
  // Who gives tags asks for more than a bucket that is there: it keeps its own.
  const isAsIs = input.tags === undefined || input.tags.length === 0
  // S3 keeps for its oldest region that making one's own bucket again is no error.
  const isLenient = isOwn && isAsIs && holder.region === caller.region && caller.region === OLDEST_REGION
  if (isLenient && isDeepStrictEqual(holder.acl, input.acl)) return holder
  throw new DomainError(isOwn && !isLenient ? 'BucketOwnedAlready' : 'BucketNameTaken', {
    bucketName: holder.name,
  })
}
