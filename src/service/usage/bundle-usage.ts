import { BUNDLES } from '../buckets/bundles.ts'
import type { ServiceContext } from '../context.ts'
import { scanToDamage, type PageToDamage } from '../damage/past-damage.ts'
import { bucketsRange } from '../keyspace.ts'
import { bucketCodec, type BucketRecord } from '../records/bucket.ts'
import { dayOf, readDailyUsage } from './daily-usage.ts'
import { readUsage } from './usage.ts'

/** How much of its bundle a bucket uses. Nothing is blocked when it uses more. */
export interface BundleUsage {
  readonly bucket: BucketRecord
  readonly storedBytes: number
  readonly objects: number
  /** Since the month (UTC) began, or since the bundle changed in it; what went in is not part of a bundle's transfer. */
  readonly sentBytes: number
  readonly receivedBytes: number
  /** What the bundle has; Infinity for a bundle that is not known any more. */
  readonly storageBytesMax: number
  readonly transferBytesMax: number
}

const BUCKETS_PER_PAGE = 100
const GB = 1024 ** 3

/** The usage of every bucket, by name, but of those whose record is damaged: that is noted. Holds one page of buckets at a time. */
export async function* readBundleUsage(
  context: ServiceContext,
  signal?: AbortSignal,
): AsyncGenerator<BundleUsage> {
  const nowMs = context.clock.now()
  const { end } = bucketsRange()
  for (let start: Buffer | null = bucketsRange().start; start;) {
    const page: PageToDamage = await scanToDamage(context.metadata, { start, end, limit: BUCKETS_PER_PAGE })
    const { entries, damaged, next } = page
    for (const { value } of entries) {
      signal?.throwIfAborted()
      yield await usageOf(context, bucketCodec.decode(value), nowMs)
    }
    if (damaged) await context.damage.noteRecord(damaged)
    start = next
  }
}

/** The days whose transfer counts against the bundle: of this month (UTC), from the day of the bundle's change in it. */
export function monthOfBundle(
  { bundleChangedAt = 0 }: Pick<BucketRecord, 'bundleChangedAt'>,
  nowMs: number,
): { readonly from: number; readonly to: number } {
  const now = new Date(nowMs)
  const since = Math.max(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()), bundleChangedAt)
  return { from: dayOf(since), to: dayOf(nowMs) + 1 }
}

async function usageOf(context: ServiceContext, bucket: BucketRecord, nowMs: number): Promise<BundleUsage> {
  const bundle = BUNDLES.find(({ bundleId }) => bundleId === bucket.bundleId)
  const { sizeBytes, objects } = await readUsage(context.metadata, bucket.bucketId)
  let [sentBytes, receivedBytes] = [0, 0]
  for (const day of await readDailyUsage(context.metadata, bucket.bucketId, monthOfBundle(bucket, nowMs))) {
    sentBytes += day.transferOutBytes
    receivedBytes += day.transferInBytes
  }
  return {
    bucket,
    storedBytes: sizeBytes,
    objects,
    sentBytes,
    receivedBytes,
    storageBytesMax: (bundle?.storagePerMonthInGb ?? Infinity) * GB,
    transferBytesMax: (bundle?.transferPerMonthInGb ?? Infinity) * GB,
  }
}
