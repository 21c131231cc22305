import type { Bucket } from '../model/lightsail/shapes/bucket.ts'
import type { ValueOf } from '../model/shape.ts'
import { bucketArn, bucketUrl } from '../service/buckets/bucket-address.ts'
import { canChangeBundle } from '../service/buckets/bundles.ts'
import type { ServiceContext } from '../service/context.ts'
import type { BucketRecord } from '../service/records/bucket.ts'
import { toRegion } from './region.ts'

interface BucketParts {
  readonly receivers?: boolean
  readonly cors?: boolean
}

/** A bucket as the API shows it; `parts`: what it shows only on demand. */
export function presentBucket(
  { settings, clock }: ServiceContext,
  record: BucketRecord,
  parts: BucketParts = {},
): ValueOf<typeof Bucket> {
  return {
    resourceType: 'Bucket',
    accessRules: record.accessRules,
    arn: bucketArn(record),
    bundleId: record.bundleId,
    createdAt: record.createdAt,
    url: bucketUrl(settings, record),
    location: { availabilityZone: 'all', regionName: toRegion(record.region) },
    name: record.name,
    supportCode: `${record.accountId}/${record.name}`,
    tags: record.tags,
    objectVersioning: record.versioning,
    ableToUpdateBundle: canChangeBundle(record.bundleChangedAt, clock.now()),
    readonlyAccessAccounts: record.readonlyAccessAccounts,
    ...(parts.receivers === true && { resourcesReceivingAccess: record.receivers }),
    state: { code: 'OK' },
    accessLogConfig: record.accessLog ?? { enabled: false },
    ...(parts.cors === true && { cors: { rules: record.cors ?? [] } }),
  }
}
