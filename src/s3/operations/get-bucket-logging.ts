import { getBucketLogging as model } from '../../model/s3/get-bucket-logging.ts'
import { accessLogTarget } from '../../service/access-logs/access-log-target.ts'
import { handler } from '../operation-handler.ts'

/** Tells where the access log goes; an empty answer when it is off. */
export const getBucketLoggingHandler = handler(model, async (_input, call) => {
  const target = accessLogTarget(call.bucket)
  const LoggingEnabled = target && { TargetBucket: target.destination, TargetPrefix: target.prefix }
  return { BucketLoggingStatus: { LoggingEnabled } }
})
