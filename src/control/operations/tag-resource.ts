import type { tagResource as tagResourceOperation } from '../../model/lightsail/tag-resource.ts'
import { tagResource } from '../../service/buckets/tags.ts'
import type { OperationHandler } from '../operation-handler.ts'
import { presentOperation } from '../present-operation.ts'

/** Adds tags to a bucket; a key that is there gets the new value. Throws `NotFoundException` and `InvalidInputException`. */
export const handleTagResource: OperationHandler<typeof tagResourceOperation> = async (
  { service, caller },
  input,
) => ({ operations: [presentOperation(await tagResource(service, caller, input, input.tags))] })
