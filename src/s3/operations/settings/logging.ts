import * as model from '../../../model/s3/settings/logging.ts'
import { accessLogTarget } from '../../../service/access-logs/access-log-target.ts'
import { setAccessLog } from '../../../service/buckets/set-access-log.ts'
import { S3Error } from '../../s3-error.ts'
import { handler } from '../../operation-handler.ts'

/** Tells where the access log goes; an empty response when it is off. */
export const getBucketLoggingHandler = handler(model.getBucketLogging, async (_input, call) => {
  const target = accessLogTarget(call.bucket)
  const LoggingEnabled = target && { TargetBucket: target.destination, TargetPrefix: target.prefix }
  return { BucketLoggingStatus: { LoggingEnabled } }
})

/** The same setting as Lightsail's accessLogConfig. */
export const putBucketLoggingHandler = handler(model.putBucketLogging, async (input, call) => {
  const wanted = input.BucketLoggingStatus.LoggingEnabled
  if (wanted?.TargetGrants && wanted.TargetGrants.length > 0)
    throw new S3Error('NotImplemented', 'Grants on delivered logs are not offered.')
  if (wanted?.TargetObjectKeyFormat?.PartitionedPrefix)
    throw new S3Error('NotImplemented', 'Delivered logs have simple prefixes only.')
  await setAccessLog(
    call.context,
    call.admission,
    wanted ? { destination: wanted.TargetBucket, prefix: wanted.TargetPrefix } : null,
  )
  return {}
})
