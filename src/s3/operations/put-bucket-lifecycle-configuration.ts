import { putBucketLifecycleConfiguration as model } from '../../model/s3/put-bucket-lifecycle-configuration.ts'
import { changeS3Bucket } from '../../service/buckets/change-s3-bucket.ts'
import { checkLifecycleRules } from '../../service/lifecycle/check-rules.ts'
import { handler } from '../operation-handler.ts'
import { lifecycleRule } from '../request/lifecycle-rules.ts'

export const putBucketLifecycleConfigurationHandler = handler(
  model,
  's3:PutLifecycleConfiguration',
  async (input, call) => {
    const lifecycle = input.LifecycleConfiguration.Rules.map(lifecycleRule)
    checkLifecycleRules(lifecycle)
    await changeS3Bucket(call.context, call.admission, (record) => ({ ...record, lifecycle }))
    return {}
  },
)
