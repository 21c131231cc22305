import { getBucketLifecycleConfiguration as model } from '../../model/s3/get-bucket-lifecycle-configuration.ts'
import { TRANSITION_SIZE_DEFAULT } from '../../model/s3/shapes/lifecycle.ts'
import { ServiceError } from '../../service/errors.ts'
import { handler } from '../operation-handler.ts'
import { shownRule } from '../request/lifecycle-rules.ts'

/** Shows the lifecycle rules as they were given. Throws `NoSuchLifecycleConfiguration`. */
export const getBucketLifecycleConfigurationHandler = handler(model, async (_input, call) => {
  const { lifecycle } = call.bucket
  if (!lifecycle || lifecycle.length === 0) throw new ServiceError('NoSuchLifecycleConfiguration')
  return {
    TransitionDefaultMinimumObjectSize: TRANSITION_SIZE_DEFAULT,
    LifecycleConfiguration: { Rules: lifecycle.map(shownRule) },
  }
})
