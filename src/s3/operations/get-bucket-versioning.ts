import { getBucketVersioning as model } from '../../model/s3/get-bucket-versioning.ts'
import { handler } from '../operation-handler.ts'

/** Tells whether versions are kept; nothing when they never were. */
export const getBucketVersioningHandler = handler(model, async (_input, call) => {
  const { versioning } = call.bucket
  return { VersioningConfiguration: versioning === 'NeverEnabled' ? {} : { Status: versioning } }
})
