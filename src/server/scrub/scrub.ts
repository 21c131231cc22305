import { monotonicMs } from '../../base/clock.ts'
import { keyAfter } from '../../base/key.ts'
import type { ServiceContext } from '../../service/context.ts'
import { bucketKey, bucketsRange } from '../../service/keyspace.ts'
import { bucketCodec, type BucketRecord } from '../../service/records/bucket.ts'
import type { Job } from '../jobs/job.ts'
import { compareCounts } from '../store/count-bucket.ts'
import { entriesPastDamage } from '../store/store-content.ts'
import { Pace } from './pace.ts'
import {
  readScrub,
  writeScrub,
  type FinishedPass,
  type ScrubCounts,
  type ScrubPass,
  type ScrubRecord,
  type StoredScrub,
} from './scrub-record.ts'
import { scrubSlice, type ScrubPosition } from './scrub-slice.ts'

/** A process that has the turn reads for most of it; another one may have the next. */
const TURN_MS = 60_000
const SLICE_MS = 50_000
/** How far it got is written down this often: so much is read again after a crash. */
const SAVE_INTERVAL_MS = 10_000
const COMPARING_PERCENT_MIN = 50

interface ScrubOptions {
  /** Time from the beginning of one pass to that of the next. 0: there are none but those that somebody asks for. */
  readonly periodMs: number
  /** Percent of the time in which the disk is read from. */
  readonly sharePercent: number
  /** Told of what was read and found. */
  readonly onRead?: (counts: ScrubCounts) => void
  /** Told of the last full pass, whichever process ended it. */
  readonly onLast?: (last: FinishedPass) => void
  /** Told when a pass begins (`isOver` false) and ends. */
  readonly onPass?: (pass: ScrubCounts, isOver: boolean) => void
}

/** The job of one of the processes that share the store: reads a part of it, and leaves word how far it got. */
export function scrubJob(context: ServiceContext, options: ScrubOptions): Job {
  return {
    name: 'scrub',
    intervalMs: TURN_MS,
    scope: 'store',
    run: async (signal) => {
      const endAt = monotonicMs() + SLICE_MS
      await scrub(context, options, { signal, goesOn: () => monotonicMs() < endAt })
    },
  }
}

/** The last full pass, of whichever process it was, for the metrics of each. */
export function watchScrubJob(context: ServiceContext, { onLast }: Pick<ScrubOptions, 'onLast'>): Job {
  return {
    name: 'watch-scrub',
    intervalMs: TURN_MS,
    scope: 'process',
    run: async () => {
      const { record } = await readScrub(context)
      if (record.last) onLast?.(record.last)
    },
  }
}

/** Goes on with the pass that is under way, or begins one when it is time; ends it, or when `goesOn` says no. */
export async function scrub(
  context: ServiceContext,
  options: ScrubOptions,
  { signal, goesOn }: { readonly signal?: AbortSignal; readonly goesOn: () => boolean },
): Promise<void> {
  const stored = await readScrub(context)
  const pass = dueOf(stored.record, context.clock.now(), options.periodMs)
  if (!pass) return
  if (pass !== stored.record.pass) options.onPass?.(pass, false)
  await new Scrub(context, options, stored, pass).run(goesOn, signal)
}

/** The pass to go on with; null: there is none to do now. */
function dueOf({ pass, last, isWanted }: ScrubRecord, nowMs: number, periodMs: number): ScrubPass | null {
  if (pass) return pass
  const isDue =
    periodMs > 0 && (last === null || nowMs - last.startedAt >= periodMs || nowMs < last.startedAt)
  if (!isDue && isWanted !== true) return null
  return { startedAt: nowMs, lastKey: '', blobsOfNext: 0, offset: 0, ...NOTHING }
}

const NOTHING: ScrubCounts = { records: 0, blobs: 0, bytes: 0, damaged: 0 }

class Scrub {
  readonly #context: ServiceContext
  readonly #options: ScrubOptions
  #stored: StoredScrub
  #pass: ScrubPass
  #saveAt = 0

  constructor(context: ServiceContext, options: ScrubOptions, stored: StoredScrub, pass: ScrubPass) {
    this.#context = context
    this.#options = options
    this.#stored = stored
    this.#pass = pass
  }

  async run(goesOn: () => boolean, signal?: AbortSignal): Promise<void> {
    const pace = new Pace({ sharePercent: this.#options.sharePercent, ...(signal && { signal }) })
    for (let isOver = false, isOurs = true; isOurs && !isOver;) {
      this.#saveAt = monotonicMs() + SAVE_INTERVAL_MS
      const isInTime = (): boolean => goesOn() && signal?.aborted !== true
      try {
        const goesOnReading = (): boolean => isInTime() && monotonicMs() < this.#saveAt
        isOver = (await this.#readRecords(pace, goesOnReading)) && (await this.#compareBuckets(goesOnReading))
      } catch (error) {
        await this.#save(false).catch(() => undefined)
        throw error
      }
      isOurs = await this.#save(isOver)
      if (!isOver && !isInTime()) return
    }
  }

  async #readRecords(pace: Pace, goesOn: () => boolean): Promise<boolean> {
    if (this.#pass.comparedBucket !== undefined) return true
    const isOver = await scrubSlice(this.#context, positionOf(this.#pass), {
      pace,
      goesOn,
      onRead: (counts, position) => this.#note(counts, position),
    })
    if (isOver) this.#pass = { ...this.#pass, comparedBucket: '' }
    return isOver
  }

  /** Whether all buckets were compared with their counters. What is damaged of them was told when it was read. */
  async #compareBuckets(goesOn: () => boolean): Promise<boolean> {
    const { metadata } = this.#context
    const { comparedBucket = '' } = this.#pass
    const { start, end } = bucketsRange()
    const from = comparedBucket === '' ? start : keyAfter(bucketKey(comparedBucket))
    for await (const { value } of entriesPastDamage(metadata, { start: from, end }, () => undefined)) {
      if (!goesOn()) return false
      const bucket = bucketCodec.decode(value)
      await this.#compareBucket(bucket)
      this.#pass = { ...this.#pass, comparedBucket: bucket.name }
    }
    return true
  }

  async #compareBucket(bucket: BucketRecord): Promise<void> {
    // A snapshot that is read for long keeps the engine from using pages anew, so this may take more of the disk.
    const pace = new Pace({ sharePercent: Math.max(COMPARING_PERCENT_MIN, this.#options.sharePercent) })
    let damagedRecords = 0
    const fault = await compareCounts(this.#context, bucket, {
      onDamaged: () => {
        damagedRecords++
      },
      onRead: (workMs, bytes) => pace.spend(workMs, bytes),
    })
    if (fault === null || damagedRecords > 0) return
    this.#context.damage.noteOther(`bucket ${bucket.name}`, new Error(fault))
    const counts = { ...NOTHING, damaged: 1 }
    this.#pass = { ...this.#pass, damaged: this.#pass.damaged + 1 }
    this.#options.onRead?.(counts)
  }

  #note(counts: ScrubCounts, { lastKey, blobsOfNext, offset }: ScrubPosition): void {
    const { records, blobs, bytes, damaged } = this.#pass
    this.#pass = {
      startedAt: this.#pass.startedAt,
      lastKey: lastKey?.toString('hex') ?? '',
      blobsOfNext,
      offset,
      records: records + counts.records,
      blobs: blobs + counts.blobs,
      bytes: bytes + counts.bytes,
      damaged: damaged + counts.damaged,
    }
    this.#options.onRead?.(counts)
  }

  /** Whether it goes on here: when another process wrote meanwhile, it is that one's. */
  async #save(isOver: boolean): Promise<boolean> {
    const { last } = this.#stored.record
    const written = await writeScrub(
      this.#context,
      this.#stored,
      isOver ? { pass: null, last: this.#finished() } : { pass: this.#pass, last },
    )
    if (!written) return false
    this.#stored = written
    if (isOver) {
      const { last: finished } = written.record
      if (finished) this.#options.onLast?.(finished)
      this.#options.onPass?.(this.#pass, true)
    }
    return true
  }

  #finished(): FinishedPass {
    const { startedAt, records, blobs, bytes, damaged } = this.#pass
    return { startedAt, finishedAt: this.#context.clock.now(), records, blobs, bytes, damaged }
  }
}

const positionOf = ({ lastKey, blobsOfNext, offset }: ScrubPass): ScrubPosition => ({
  lastKey: lastKey === '' ? null : Buffer.from(lastKey, 'hex'),
  blobsOfNext,
  offset,
})
