import { PAGE_MAX } from '../../model/s3/shapes/listing.ts'
import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import { deleteObject } from './delete-object.ts'
import type { DeletedObject, DeleteObjectInput } from './delete-object.ts'

/** One entry of a batch. */
export interface BatchEntry extends DeleteObjectInput {
  /** Decides whether this one may be deleted, and gives by what; throws to refuse. Absent: as the batch. */
  readonly admit?: () => Promise<Admission>
}

/** What became of one entry of a batch. */
export type DeleteOutcome = { readonly key: string; readonly versionId?: string } & (
  | { readonly deleted: DeletedObject; readonly error?: never }
  | { readonly error: ServiceError; readonly deleted?: never }
)

/** Deletes under way at once: enough that their commits share syncs, few enough to leave the store to others. */
const CONCURRENCY = 32

/**
 * Deletes up to 1000 objects or versions, each on its own; the outcomes are in the order of the input. Throws `MalformedXML` when
 * there are none or more; `NoSuchBucket` and `InvalidAccessKeyId` when those are gone.
 */
export async function deleteObjects(
  context: ServiceContext,
  admission: Admission,
  inputs: readonly BatchEntry[],
): Promise<DeleteOutcome[]> {
  if (inputs.length === 0 || inputs.length > PAGE_MAX)
    throw new ServiceError('MalformedXML', `A batch has 1–${PAGE_MAX} objects, got ${inputs.length}.`)
  const outcomes: DeleteOutcome[] = []
  let next = 0
  const worker = async () => {
    for (let at = next++; at < inputs.length; at = next++) {
      const input = inputs[at]
      if (input) outcomes[at] = await deleteOne(context, admission, input)
    }
  }
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, inputs.length) }, worker))
  return outcomes
}

async function deleteOne(
  context: ServiceContext,
  admission: Admission,
  input: BatchEntry,
): Promise<DeleteOutcome> {
  const { key, versionId } = input
  const address = { key, ...(versionId !== undefined && { versionId }) }
  try {
    const admitted = input.admit ? await input.admit() : admission
    return { ...address, deleted: await deleteObject(context, admitted, input) }
  } catch (error) {
    if (
      !(error instanceof ServiceError) ||
      error.code === 'NoSuchBucket' ||
      error.code === 'InvalidAccessKeyId'
    )
      throw error
    return { ...address, error }
  }
}
