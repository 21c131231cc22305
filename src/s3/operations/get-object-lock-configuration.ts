import { getObjectLockConfiguration as model } from '../../model/s3/get-object-lock-configuration.ts'
import { ServiceError } from '../../service/errors.ts'
import { handler } from '../operation-handler.ts'

/** Tells how new versions are locked. Throws `ObjectLockConfigurationNotFoundError`. */
export const getObjectLockConfigurationHandler = handler(model, async (_input, call) => {
  const { objectLock } = call.bucket
  if (!objectLock) throw new ServiceError('ObjectLockConfigurationNotFoundError')
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
})
