import { DAY_MS } from '../../base/milliseconds.ts'
import { getOwnBucket } from '../buckets/own-bucket.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { dayOf, readDailyUsage } from './daily-usage.ts'
import { monthOfBundle } from './bundle-usage.ts'
import { readUsage } from './usage.ts'

/** A day of a bucket that something was counted of. */
interface BucketDay {
  /** Its beginning, UTC, epoch milliseconds. */
  readonly began: number
  /** What the bucket held at its end; absent where that was not counted. */
  readonly storedBytes?: number
  readonly objects?: number
  readonly receivedBytes: number
  readonly sentBytes: number
  readonly requests: number
}

/** What a bucket holds now, and its days, the oldest first. */
interface BucketDays {
  readonly storedBytes: number
  readonly objects: number
  /** What went out that counts as transfer of the bundle's month. */
  readonly sentBytesOfMonth: number
  readonly days: readonly BucketDay[]
}

/** Shows what a bucket held and transferred on each of so many days, and today as it stands; at most a year. Throws `NoSuchBucket`. */
export async function readBucketDays(
  context: ServiceContext,
  caller: Caller,
  { bucketName, days }: { readonly bucketName: string; readonly days: number },
): Promise<BucketDays> {
  const { metadata, clock } = context
  const { record } = await getOwnBucket(context, caller, bucketName)
  const today = dayOf(clock.now())
  const month = monthOfBundle(record, clock.now())
  const { sizeBytes, objects } = await readUsage(metadata, record.bucketId)
  const [shown, counted] = await Promise.all([
    readDailyUsage(metadata, record.bucketId, { from: Math.max(0, today - days + 1), to: today + 1 }),
    readDailyUsage(metadata, record.bucketId, month),
  ])
  const past = shown
    .filter(({ day }) => day < today)
    .map(({ day, point, transferInBytes, transferOutBytes, requests }) => ({
      began: day * DAY_MS,
      ...(point && { storedBytes: point.sizeBytes, objects: point.objects }),
      receivedBytes: transferInBytes,
      sentBytes: transferOutBytes,
      requests,
    }))
  const now = shown.find(({ day }) => day === today)
  return {
    storedBytes: sizeBytes,
    objects,
    sentBytesOfMonth: counted.reduce((sum, { transferOutBytes }) => sum + transferOutBytes, 0),
    days: [
      ...past,
      {
        began: today * DAY_MS,
        storedBytes: sizeBytes,
        objects,
        receivedBytes: now?.transferInBytes ?? 0,
        sentBytes: now?.transferOutBytes ?? 0,
        requests: now?.requests ?? 0,
      },
    ],
  }
}
