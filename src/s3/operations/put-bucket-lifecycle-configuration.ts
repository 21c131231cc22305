import { putBucketLifecycleConfiguration as model } from '../../model/s3/put-bucket-lifecycle-configuration.ts'
import { TRANSITION_SIZE_DEFAULT } from '../../model/s3/shapes/lifecycle.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { checkLifecycleRules } from '../../service/lifecycle/check-rules.ts'
import { handler } from '../operation-handler.ts'
import { lifecycleRule } from '../request/lifecycle-rules.ts'

/** Replaces all lifecycle rules. Throws as `lifecycleRule` and `checkLifecycleRules`. */
export const putBucketLifecycleConfigurationHandler = handler(
  model,
  async ({ TransitionDefaultMinimumObjectSize = TRANSITION_SIZE_DEFAULT, ...input }, call) => {
    const lifecycle = input.LifecycleConfiguration.Rules.map(lifecycleRule)
    checkLifecycleRules(lifecycle)
    await changeS3Bucket(call.context, call.admission, (record) => ({ ...record, lifecycle }))
    return { TransitionDefaultMinimumObjectSize }
  },
)
