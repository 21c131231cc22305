import * as model from '../../../model/s3/settings/lifecycle.ts'
import { changeS3Bucket } from '../../../service/buckets/change-s3-bucket.ts'
import { DomainError } from '../../../service/errors/domain-error.ts'
import { checkLifecycleRules } from '../../../service/lifecycle/check-rules.ts'
import { handler } from '../../operation-handler.ts'
import { lifecycleRule, shownRule } from '../../request/lifecycle-rules.ts'

/** Shows the lifecycle rules as they were given. Throws `NoSuchLifecycleConfiguration`. */
export const getBucketLifecycleConfigurationHandler = handler(
  model.getBucketLifecycleConfiguration,
  async (_input, call) => {
    const { lifecycle } = call.bucket
    if (!lifecycle || lifecycle.length === 0)
      throw new DomainError('NoSuchSetting', { bucketName: call.bucket.name, setting: 'lifecycle-rules' })
    return {
      TransitionDefaultMinimumObjectSize: model.TRANSITION_SIZE_DEFAULT,
      LifecycleConfiguration: { Rules: lifecycle.map(shownRule) },
    }
  },
)

/** Replaces all lifecycle rules. Throws as `lifecycleRule` and `checkLifecycleRules`. */
export const putBucketLifecycleConfigurationHandler = handler(
  model.putBucketLifecycleConfiguration,
  async ({ TransitionDefaultMinimumObjectSize = model.TRANSITION_SIZE_DEFAULT, ...input }, call) => {
    const lifecycle = input.LifecycleConfiguration.Rules.map(lifecycleRule)
    checkLifecycleRules(lifecycle)
    await changeS3Bucket(call.context, call.admission, (record) => ({ ...record, lifecycle }))
    return { TransitionDefaultMinimumObjectSize }
  },
)

/** Removes all lifecycle rules; none there is no error. */
export const deleteBucketLifecycleHandler = handler(model.deleteBucketLifecycle, async (_input, call) => {
  await changeS3Bucket(call.context, call.admission, ({ lifecycle: _rules, ...record }) => record)
  return {}
})
