import type { untagResource as untagResourceOperation } from '../../model/lightsail/untag-resource.ts'
import { untagResource } from '../../service/buckets/tags.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentOperation } from '../present-operation.ts'

/** Removes tags of a bucket by their keys. Throws `NotFoundException` and `InvalidInputException`. */
export const handleUntagResource: OperationHandler<typeof untagResourceOperation> = async (
  { service, caller },
  input,
) => ({ operations: [presentOperation(await untagResource(service, caller, input, input.tagKeys))] })
