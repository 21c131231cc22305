import type { ServiceContext } from '../service/context.ts'
import { findVersion, isMissingVersion, type ObjectAddress } from '../service/versions/find-version.ts'
import type { BucketRecord } from '../service/records/bucket.ts'
import type { ObjectRecord } from '../service/records/object.ts'

/**
 * What access depends on of a version; null when there is no such version. It is known without the key of an object that a customer's
 * key encrypts.
 */
export async function findObject(
  context: ServiceContext,
  bucket: BucketRecord,
  address: ObjectAddress,
): Promise<ObjectRecord | null> {
  try {
    return (await findVersion(context, bucket, address)).stored.record
  } catch (error) {
    if (isMissingVersion(error)) return null
    throw error
  }
}
