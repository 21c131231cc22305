import { checkTags } from '../../../service/tags/check-tags.ts'
import assert from 'node:assert/strict'
import * as model from '../../../model/s3/bucket/bucket.ts'
import { rightsOf } from '../../../model/s3/right.ts'
import { newBucketLocation, toldLocation } from '../../../service/buckets/bucket-location.ts'
import { createS3Bucket } from '../../../service/buckets/create-s3-bucket.ts'
import { deleteS3Bucket } from '../../../service/buckets/delete-bucket.ts'
import { authorize, isBound } from '../../../service/authorization/authorize.ts'
import { DecisionMemory } from '../../../service/authorization/policy/decision-memory.ts'
import { lookUpAccess } from '../../../service/credentials/look-up-access.ts'
import { DomainError } from '../../../service/errors/domain-error.ts'
import { S3Error } from '../../s3-error.ts'
import type { S3Call } from '../../call.ts'
import { handler } from '../../operation-handler.ts'
import { newBucketAcl } from '../../request/acl-headers.ts'
import { givenTags } from '../../request/given-tags.ts'
import { bucketArn } from '../../response/bucket-arn.ts'
import { requireBasics, requireFurther } from '../../require-rights.ts'

const rights = rightsOf(model.createBucket)

/** Makes a bucket for an account. */
export const createBucketHandler = handler(
  model.createBucket,
  async (input, call) => {
    const { principal } = call
    // Clients such as rclone make the bucket that they write to, in case it does not exist. A key of the bucket may learn that it does.
    if (await isOfOwnBucket(call, input.Bucket))
      throw new DomainError('BucketOwnedAlready', { bucketName: input.Bucket })
    requireBasics(call.access, rights, call.address)
    requireFurther(call.access, rights, { address: call.address, input })
    assert(principal.type !== 'anonymous', 'nobody in particular is let through to CreateBucket')
    const { Location, Bucket, Tags } = input.CreateBucketConfiguration ?? {}
    if (Location || Bucket) throw new S3Error('NotImplemented', 'Directory buckets are not offered.')
    const tags = checkTags(givenTags(Tags), 'bucket')
    assert(call.signedRegion !== null, 'a bucket is made by a signed request')
    const wanted = input.CreateBucketConfiguration?.LocationConstraint ?? ''
    const { region, locationConstraint } = newBucketLocation(call.signedRegion, wanted)
    const { name } = await createS3Bucket(
      call.context,
      { accountId: principal.accountId, region },
      {
        bucketName: input.Bucket,
        tags,
        acl: await newBucketAcl(call.context, principal.accountId, input),
        ...(input.ObjectOwnership && { objectOwnership: input.ObjectOwnership }),
        ...(locationConstraint !== undefined && { locationConstraint }),
        ...(input.ObjectLockEnabledForBucket === true && { isObjectLockEnabled: true }),
      },
      call.access.credential,
    )
    return { Location: `/${name}`, BucketArn: bucketArn(name) }
  },
  { makesBucket: true, isRefusedUnread: ({ isAnonymous }) => isAnonymous },
)

/** Whether a key asks for a bucket that is there already and that it is for. */
async function isOfOwnBucket({ context, principal, access }: S3Call, bucketName: string): Promise<boolean> {
  if (principal.type === 'bucket-key') return principal.bucketName === bucketName
  if (!isBound(principal) || principal.scope.isWholeAccount) return false
  const { bucket } = await lookUpAccess(context, null, bucketName)
  if (!bucket) return false
  // What HeadBucket is answered.
  const question = {
    principal,
    action: 's3:ListBucket',
    bucket: bucket.record,
    object: null,
    request: { ...access.request, listsNothing: true },
    memory: new DecisionMemory(),
  } as const
  return authorize(question).outcome === 'allow'
}

/** Tells that the bucket exists, and its region. */
export const headBucketHandler = handler(model.headBucket, async (_input, call) => ({
  BucketArn: bucketArn(call.bucket.name),
  BucketRegion: call.bucket.region,
}))

/** Tells the bucket's region as S3 does: nothing for the oldest. */
export const getBucketLocationHandler = handler(model.getBucketLocation, async (_input, call) => ({
  LocationConstraint: toldLocation(call.bucket),
}))

/** Deletes an empty bucket with its keys, uploads and settings. Throws `BucketNotEmpty`. */
export const deleteBucketHandler = handler(model.deleteBucket, async (_input, call) => {
  await deleteS3Bucket(call.context, call.admission)
  return {}
})
