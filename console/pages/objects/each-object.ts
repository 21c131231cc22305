import { eachPage, type BucketAddress, type ListedObject } from '../../api/s3/list-objects.ts'
import type { Sender } from '../../api/send.ts'
import type { ObjectRow } from './rows.ts'

/** All objects that are meant by lines of the list, folders with all that is below them, up to 1,000 at a time. */
export async function* eachObject(
  sender: Sender,
  address: BucketAddress,
  rows: readonly ObjectRow[],
  signal: AbortSignal,
): AsyncGenerator<readonly ListedObject[]> {
  const single = rows.flatMap((row) => (row.kind === 'object' ? [row.object] : []))
  for (let at = 0; at < single.length; at += 1_000) yield single.slice(at, at + 1_000)
  for (const { key } of rows.filter(({ kind }) => kind === 'folder'))
    for await (const objects of eachPage(sender, address, key, signal)) if (objects.length > 0) yield objects
}

/** How many objects are meant, and their bytes. */
export interface Count {
  readonly objects: number
  readonly bytes: number
  /** Whether there are no more. */
  readonly isWhole: boolean
}

/** Counts what is meant by lines of the list, and tells of it as it goes on. */
export async function countObjects(
  sender: Sender,
  address: BucketAddress,
  rows: readonly ObjectRow[],
  onCount: (count: Count) => void,
  signal: AbortSignal,
): Promise<void> {
  let objects = 0
  let bytes = 0
  for await (const page of eachObject(sender, address, rows, signal)) {
    objects += page.length
    for (const { size } of page) bytes += size
    onCount({ objects, bytes, isWhole: false })
  }
  onCount({ objects, bytes, isWhole: true })
}
