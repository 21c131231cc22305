import * as model from '../../../model/s3/settings/object-lock.ts'
import type { ObjectLockConfiguration } from '../../../model/s3/shapes/object-lock.ts'
import type { ValueOf } from '../../../model/shape.ts'
import { changeS3Bucket } from '../../../service/buckets/change-s3-bucket.ts'
import { wholeDefaultRetention, withObjectLock } from '../../../service/buckets/object-lock.ts'
import { DomainError } from '../../../service/errors/domain-error.ts'
import { S3Error } from '../../s3-error.ts'
import type { DefaultRetention } from '../../../service/records/bucket.ts'
import { handler } from '../../operation-handler.ts'

/** Tells how new versions are locked. Throws `ObjectLockConfigurationNotFoundError`. */
export const getObjectLockConfigurationHandler = handler(
  model.getObjectLockConfiguration,
  async (_input, call) => {
    const { objectLock } = call.bucket
    if (!objectLock)
      throw new DomainError('NoSuchSetting', { bucketName: call.bucket.name, setting: 'object-lock' })
    const { defaultRetention } = objectLock
    return {
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled' as const,
        Rule: defaultRetention && {
          DefaultRetention: {
            Mode: defaultRetention.mode,
            Days: defaultRetention.days,
            Years: defaultRetention.years,
          },
        },
      },
    }
  },
)

type Rule = NonNullable<ValueOf<typeof ObjectLockConfiguration>['Rule']>

const defaultRetention = ({ DefaultRetention: { Mode, Days, Years } = {} }: Rule): DefaultRetention =>
  wholeDefaultRetention({ mode: Mode, days: Days, years: Years })

/** Says how new versions are locked. Throws `InvalidBucketState` without versioning, and `InvalidRetentionPeriod`. */
export const putObjectLockConfigurationHandler = handler(
  model.putObjectLockConfiguration,
  async (input, call) => {
    const { ObjectLockEnabled, Rule } = input.ObjectLockConfiguration
    if (ObjectLockEnabled === undefined) throw new S3Error('MalformedXML')
    const retention = Rule && defaultRetention(Rule)
    await changeS3Bucket(call.context, call.admission, (record) => withObjectLock(record, retention))
    return {}
  },
)
