import { prefixEnd } from '../../base/key.ts'
import type { ServiceContext } from '../../service/context.ts'
import { removedBucketKey, storeKey, writerLeaseKey } from '../../service/keyspace.ts'
import type { BucketRecord } from '../../service/records/bucket.ts'
import { recordCodec } from '../../service/records/codec.ts'
import { removedBucketCodec } from '../../service/records/removed-bucket.ts'

/** A bucket that is coming back and that nobody sees yet, and which process brings it. */
interface BucketRestoreMark {
  readonly bucketId: string
  readonly name: string
  readonly accountId: string
  readonly writerId: string
}

const MARKS_PREFIX = storeKey('restore/')
const markCodec = recordCodec<BucketRestoreMark>('bucket restore mark', 1)
const MARKS_MAX = 1_000

/** Notes that a bucket is coming back, so that what a crash leaves of it is removed; gives the mark's key, which goes with the commit that shows the bucket. */
export async function beginRestore(
  { metadata, blobLedger }: ServiceContext,
  { bucketId, name, accountId }: BucketRecord,
): Promise<Buffer> {
  const { writerId } = await blobLedger.open()
  const key = Buffer.concat([MARKS_PREFIX, Buffer.from(bucketId)])
  const value = markCodec.encode({ bucketId, name, accountId, writerId })
  await metadata.commit({ sets: [{ key, value }] })
  return key
}

/** Leaves what came back so far to the removal of buckets. */
export async function abandonRestore({ metadata, clock }: ServiceContext, key: Buffer): Promise<void> {
  const [entry] = await metadata.getMany([key])
  if (!entry) return
  const { bucketId, name, accountId } = markCodec.decode(entry.value)
  const removed = { bucketId, name, accountId, removedAt: clock.now() }
  await metadata.commit({
    checks: [{ key, version: entry.version }],
    sets: [{ key: removedBucketKey(bucketId), value: removedBucketCodec.encode(removed) }],
    deletes: [key],
  })
}

/** Does that for what processes left that are gone. */
export async function finishRestores(context: ServiceContext): Promise<void> {
  const end = prefixEnd(MARKS_PREFIX)
  if (!end) return
  const marks = await context.metadata.scan({ start: MARKS_PREFIX, end, limit: MARKS_MAX })
  for (const { key, value } of marks) {
    const [lease] = await context.metadata.getMany([writerLeaseKey(markCodec.decode(value).writerId)])
    if (!lease) await abandonRestore(context, key)
  }
}
