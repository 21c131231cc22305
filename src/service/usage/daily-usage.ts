import { DAY_MS } from '../../base/milliseconds.ts'
import { readCounters, type Change, type Entry, type MetadataStore } from '../../storage/metadata-store.ts'
import { eachBucket } from '../buckets/each-bucket.ts'
import { dailyUsageKey, dailyUsageRange } from '../keyspace.ts'
import { bucketCodec } from '../records/bucket.ts'
import { randomShard, readUsage } from './usage.ts'

/**
 * The rows of a bucket's day, by shard: `point` has what the bucket held (bytes, objects); `t0` to `tf` have transfer (bytes in, bytes
 * out) and requests counted by the processes.
 */
const POINT_SHARD = 'point'
const ROWS_PER_DAY_MAX = 17
/** 15 months, as CloudWatch keeps daily points. */
const DAYS_KEPT = 455

/** One day of a bucket. */
interface DailyUsage {
  /** Days since 1970-01-01 UTC. */
  readonly day: number
  /** What the bucket held when the day's point was last taken; null when none was. */
  readonly point: { readonly sizeBytes: number; readonly objects: number } | null
  readonly transferInBytes: number
  readonly transferOutBytes: number
  /** None of days before they were counted. */
  readonly requests: number
}

/** Bytes that went in and out of a bucket, and the requests that took them. */
export interface Transfer {
  readonly inBytes: number
  readonly outBytes: number
  readonly requests: number
}

/** The day (UTC) of an instant, counted from 1970-01-01. */
export const dayOf = (epochMs: number): number => Math.floor(epochMs / DAY_MS)

/**
 * Takes today's point of every bucket, in place of an earlier one of today, so that a day ends with what the bucket held when this ran last. Gives
 * how many points were new or changed. Any number of processes may run it, at any time. Forgets days older than {@link DAYS_KEPT}. Rejects at
 * the end when it failed for some buckets; the others have their points.
 */
export async function recordDailyUsage(
  metadata: MetadataStore,
  nowMs: number,
  signal?: AbortSignal,
): Promise<number> {
  const today = dayOf(nowMs)
  let recorded = 0
  const record = async ({ value, key, version }: Entry): Promise<void> => {
    const { bucketId } = bucketCodec.decode(value)
    const pointKey = dailyUsageKey(bucketId, today, POINT_SHARD)
    const { sizeBytes, objects } = await readUsage(metadata, bucketId)
    const point = pointRow(sizeBytes, objects)
    const [known = null] = await metadata.getMany([pointKey])
    if (known && point.equals(known.value)) return
    const outcome = await metadata.commit({
      checks: [
        { key: pointKey, version: known?.version ?? null },
        // A point of a bucket that was deleted meanwhile would stay for ever.
        { key, version },
      ],
      sets: [{ key: pointKey, value: point }],
    })
    if (outcome === 'ok') recorded++
    if (known === null) await forgetOldDays(metadata, bucketId, today)
  }
  await eachBucket(metadata, record, signal)
  return recorded
}

/** Once a day for each bucket: some rows go each time, more than a day brings. */
async function forgetOldDays(metadata: MetadataStore, bucketId: string, today: number): Promise<void> {
  const range = dailyUsageRange(bucketId, 0, Math.max(0, today - DAYS_KEPT))
  const old = await metadata.scan({ ...range, limit: 10 * ROWS_PER_DAY_MAX, keysOnly: true })
  if (old.length > 0) await metadata.commit({ deletes: old.map(({ key }) => key) })
}

/** The `adds` that count transfer and requests of a bucket on a day. */
export function transferDelta(
  bucketId: string,
  day: number,
  { inBytes, outBytes, requests }: Transfer,
): NonNullable<Change['adds']> {
  return [{ key: dailyUsageKey(bucketId, day, `t${randomShard()}`), amounts: [inBytes, outBytes, requests] }]
}

/** Days `from` (inclusive) to `to` (exclusive) of which anything is known, ascending. Reads a year in one call: ask for no more. */
export async function readDailyUsage(
  metadata: MetadataStore,
  bucketId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<DailyUsage[]> {
  const range = dailyUsageRange(bucketId, from, to)
  const rows = await metadata.scan({ ...range, limit: Math.max(1, (to - from) * ROWS_PER_DAY_MAX) })
  const dayAt = range.start.length - 8
  const days = new Map<number, { -readonly [K in keyof DailyUsage]: DailyUsage[K] }>()
  for (const row of rows) {
    const day = Number(row.key.readBigUInt64BE(dayAt))
    const known = days.get(day) ?? { day, point: null, transferInBytes: 0, transferOutBytes: 0, requests: 0 }
    days.set(day, known)
    const [first = 0, second = 0, third = 0] = readCounters(row, 3)
    if (row.key.toString('utf8', dayAt + 8) === POINT_SHARD)
      known.point = { sizeBytes: first, objects: second }
    else {
      known.transferInBytes += first
      known.transferOutBytes += second
      known.requests += third
    }
  }
  return [...days.values()]
}

function pointRow(sizeBytes: number, objects: number): Buffer {
  const row = Buffer.alloc(16)
  row.writeBigInt64BE(BigInt(sizeBytes), 0)
  row.writeBigInt64BE(BigInt(objects), 8)
  return row
}
