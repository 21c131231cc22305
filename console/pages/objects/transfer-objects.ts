import { ApiError, isAborted, toApiError } from '../../api/api-error.ts'
import type { BucketAddress, ListedObject } from '../../api/s3/list-objects.ts'
import { deleteObjects } from '../../api/s3/objects.ts'
import type { Sender } from '../../api/send.ts'
import { copyAnySize } from './copy-any-size.ts'
import { eachObject } from './each-object.ts'
import type { ObjectRow } from './rows.ts'

/** What is copied or moved, and where to. */
export interface Transfer {
  readonly from: BucketAddress
  readonly to: BucketAddress
  readonly rows: readonly ObjectRow[]
  /** The key that an object has then. */
  readonly keyOf: (key: string) => string
  /** Whether the objects are deleted once they are copied. */
  readonly isMove: boolean
  /** Whether what is there already is overwritten. */
  readonly mayReplace: boolean
}

/** How far it is. */
export interface TransferProgress {
  readonly done: number
  /** Objects that stayed where they were, and why. */
  readonly left: readonly { readonly key: string; readonly error: ApiError }[]
}

const AT_ONCE = 4

/**
 * Copies objects one by one, four at a time, and of a move deletes each page of them once it is copied: whenever it stops, every object is at its old place or at its
 * new one. Throws ApiError when the list cannot be read.
 */
export async function transferObjects(
  sender: Sender,
  transfer: Transfer,
  onProgress: (progress: TransferProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  let done = 0
  const left: { readonly key: string; readonly error: ApiError }[] = []
  const tell = (): void => onProgress({ done, left: [...left] })
  for await (const page of eachObject(sender, transfer.from, transfer.rows, signal)) {
    const waiting = [...page].reverse()
    const copied: string[] = []
    const work = async (): Promise<void> => {
      for (let object = waiting.pop(); object; object = waiting.pop()) {
        try {
          signal.throwIfAborted()
          await copyOne(sender, transfer, object, signal)
          copied.push(object.key)
          if (!transfer.isMove) done++
        } catch (error) {
          if (isAborted(error)) return
          left.push({ key: object.key, error: toApiError(error) })
        }
        tell()
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    if (transfer.isMove && copied.length > 0) {
      // Also when it was stopped meanwhile: what is copied is not to be in both places.
      const refused = await deleteObjects(
        sender,
        transfer.from,
        copied.map((key) => ({ key })),
      )
      done += copied.length - refused.length
      for (const { key, code, message } of refused) left.push({ key, error: new ApiError(code, message) })
      tell()
    }
    signal.throwIfAborted()
  }
}

async function copyOne(
  sender: Sender,
  { from, to, keyOf, mayReplace }: Transfer,
  { key, size }: ListedObject,
  signal: AbortSignal,
): Promise<void> {
  const target = { ...to, key: keyOf(key) }
  if (target.bucket === from.bucket && target.key === key)
    throw new ApiError('SamePlace', 'It is there already.')
  await copyAnySize(sender, { from: { ...from, key }, to: target, size }, { isNew: !mayReplace, signal })
}
