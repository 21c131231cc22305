import { getBucketOwnershipControls as model } from '../../model/s3/get-bucket-ownership-controls.ts'
import { ServiceError } from '../../service/errors.ts'
import { handler } from '../operation-handler.ts'

/** Tells who owns new objects. Throws `OwnershipControlsNotFoundError`. */
export const getBucketOwnershipControlsHandler = handler(model, async (_input, call) => {
  const { objectOwnership } = call.bucket
  if (!objectOwnership) throw new ServiceError('OwnershipControlsNotFoundError')
  return { OwnershipControls: { Rules: [{ ObjectOwnership: objectOwnership }] } }
})
