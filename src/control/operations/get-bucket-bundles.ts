import type { getBucketBundles as getBucketBundlesOperation } from '../../model/lightsail/get-bucket-bundles.ts'
import { BUNDLES } from '../../service/buckets/bundles.ts'
import type { OperationHandler } from '../operation-handler.ts'

/** Shows the bundles; inactive ones on demand. */
export const handleGetBucketBundles: OperationHandler<typeof getBucketBundlesOperation> = async (
  _context,
  { includeInactive },
) => ({ bundles: BUNDLES.filter(({ isActive }) => isActive || includeInactive === true) })
