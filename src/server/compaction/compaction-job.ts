import { setTimeout as delay } from 'node:timers/promises'
import { monotonicMs, type MonotonicClock } from '../../base/clock.ts'
import { HOUR_MS } from '../../base/milliseconds.ts'
import type { ServiceContext } from '../../service/context.ts'
import { CompactionFailed, type StoreSpace } from '../../storage/metadata-store.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { JobTurns } from '../jobs/job-turn.ts'
import type { Job } from '../jobs/job.ts'
import type { Logger } from '../logging/logger.ts'
import type { Metrics } from '../metrics/metrics.ts'

/** How often it is looked whether a compaction is due. */
const LOOK_INTERVAL_MS = 60_000
/** Requests that wait are let go first for as long as the piece of the work before took, and at most so long. */
const REST_MS_MAX = 200

interface CompactionJobOptions {
  readonly context: Pick<ServiceContext, 'metadata' | 'clock'>
  readonly settings: Pick<SettingValues, 'compactFreePercent' | 'compactFreeBytes' | 'compactIntervalHours'>
  readonly log: Pick<Logger, 'info' | 'warn'>
  readonly metrics: Pick<Metrics, 'setMetadataSpace' | 'setLastCompaction'>
  /** Names this process to others that share the store. */
  readonly processId: string
  /** The uptime, when absent. */
  readonly monotonicMs?: MonotonicClock
}

/** Compacts the metadata's file when much of it is free: one process of those that share the store, beside the requests. Also says in metrics what the file takes. */
export function compactionJob(options: CompactionJobOptions): Job {
  const { metadata, clock } = options.context
  const uptimeMs = options.monotonicMs ?? monotonicMs
  const turns = new JobTurns({ metadata, clock, monotonicMs: uptimeMs, processId: options.processId })
  const intervalMs = options.settings.compactIntervalHours * HOUR_MS
  let nextAt = -Infinity
  return {
    name: 'compact-metadata',
    intervalMs: LOOK_INTERVAL_MS,
    scope: 'process',
    run: async (signal) => {
      const space = (await metadata.space?.()) ?? null
      if (!space) return
      options.metrics.setMetadataSpace(space)
      if (uptimeMs() < nextAt || !isDue(space, options.settings)) return
      // Whichever process did it last, before a restart for one.
      if (!(await turns.take('compact-metadata', intervalMs))) return
      nextAt = uptimeMs() + intervalMs
      await compact(options, signal)
    },
  }
}

/** Whether so much of the file is free that a compaction is worth while. */
export function isDue(
  { fileBytes, freeBytes }: StoreSpace,
  { compactFreePercent, compactFreeBytes }: CompactionJobOptions['settings'],
): boolean {
  if (compactFreePercent === 0) return false
  return freeBytes >= compactFreeBytes && freeBytes * 100 > fileBytes * compactFreePercent
}

async function compact(
  { context: { metadata, clock }, log, metrics }: CompactionJobOptions,
  signal: AbortSignal,
): Promise<void> {
  const rest = (workedMs: number): Promise<void> => delay(Math.min(workedMs, REST_MS_MAX))
  try {
    const compaction = await metadata.compact?.({ signal, rest })
    if (!compaction) return
    const { bytesBefore, bytesAfter, entries, durationMs, pauseMs } = compaction
    metrics.setLastCompaction(clock.now())
    const times = { durationMs: Math.round(durationMs), pauseMs: Math.round(pauseMs) }
    log.info({ bytesBefore, bytesAfter, entries, ...times }, 'compacted the metadata')
    const space = await metadata.space?.()
    if (space) metrics.setMetadataSpace(space)
  } catch (error) {
    if (!(error instanceof CompactionFailed)) throw error
    log.warn({ reason: error.message }, 'the metadata were not compacted; it is tried again later')
  }
}
