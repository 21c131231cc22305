import { putBucketLogging as model } from '../../model/s3/put-bucket-logging.ts'
import { setAccessLog } from '../../service/buckets/set-access-log.ts'
import { ServiceError } from '../../service/errors.ts'
import { handler } from '../operation-handler.ts'

/** The same setting as Lightsail's accessLogConfig. */
export const putBucketLoggingHandler = handler(model, async (input, call) => {
  const wanted = input.BucketLoggingStatus.LoggingEnabled
  if (wanted?.TargetGrants && wanted.TargetGrants.length > 0)
    throw new ServiceError('NotImplemented', 'Grants on delivered logs are not offered.')
  if (wanted?.TargetObjectKeyFormat?.PartitionedPrefix)
    throw new ServiceError('NotImplemented', 'Delivered logs have simple prefixes only.')
  await setAccessLog(
    call.context,
    call.admission,
    wanted ? { destination: wanted.TargetBucket, prefix: wanted.TargetPrefix } : null,
  )
  return {}
})
