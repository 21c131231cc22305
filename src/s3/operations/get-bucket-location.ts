import { getBucketLocation as model } from '../../model/s3/get-bucket-location.ts'
import { handler } from '../operation-handler.ts'

/** The region whose buckets have an empty location unless they were made with one: the first that S3 had. */
const UNNAMED_REGION = 'us-east-1'

/** Tells the bucket's region as S3 does: nothing for the oldest. */
export const getBucketLocationHandler = handler(model, async (_input, call) => {
  const { region, locationConstraint } = call.bucket
  return { LocationConstraint: locationConstraint ?? (region === UNNAMED_REGION ? '' : region) }
})
