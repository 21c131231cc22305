import { headBucket as model } from '../../model/s3/head-bucket.ts'
import { handler } from '../operation-handler.ts'

/** Tells that the bucket exists, and its region. */
export const headBucketHandler = handler(model, async (_input, call) => ({
  BucketRegion: call.bucket.region,
}))
