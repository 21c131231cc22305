import { DAY_MS, HOUR_MS } from '../../base/milliseconds.ts'
import type { AccessLogs } from '../../service/access-logs/access-logs.ts'
import { purgeRemovedBuckets } from '../../service/buckets/purge-removed-bucket.ts'
import type { ServiceContext } from '../../service/context.ts'
import { createRetirementJob, type RetirementReports } from './retirement-job.ts'
import { pruneKeyUses } from '../../service/key-uses/prune-key-uses.ts'
import { applyLifecycle } from '../../service/lifecycle/apply-lifecycle.ts'
import {
  OPERATION_RETENTION,
  pruneOperationRecords,
} from '../../service/operation-records/prune-operation-records.ts'
import { finishClosedUploads } from '../../service/uploads/finish-closed-uploads.ts'
import { recordDailyUsage } from '../../service/usage/daily-usage.ts'
import type { SettingValues } from '../configuration/schema.ts'
import { createBlobJobs } from './blob-jobs.ts'
import type { Job } from './job.ts'

/** Buckets that are deleted by force are gone at once; this often what lay in them is removed. */
const PURGE_INTERVAL_MS = 30_000
/** A day's point of a bucket's metrics is what was counted last on that day: at most this long before its end. */
const USAGE_INTERVAL_MS = 15 * 60 * 1_000

/** All background work. Jobs of the store are done by one process of those that share it, jobs of the process by each. */
export function createJobs(
  context: ServiceContext,
  settings: SettingValues,
  accessLogs: Pick<AccessLogs, 'record'>,
  retirements: RetirementReports,
): readonly Job[] {
  const retention = { ...OPERATION_RETENTION, ageMsMax: settings.operationRecordDays * DAY_MS }
  return [
    ...createBlobJobs(context, settings.sweepIntervalSeconds * 1_000),
    {
      name: 'purge-removed-buckets',
      intervalMs: PURGE_INTERVAL_MS,
      scope: 'store',
      run: async (signal) => {
        await purgeRemovedBuckets(context, { signal })
      },
    },
    {
      name: 'apply-lifecycle',
      intervalMs: Math.min(HOUR_MS, (settings.lifecycleDaySeconds * 1_000) / 2),
      scope: 'store',
      run: async (signal) => {
        await applyLifecycle(context, { signal, accessLogs })
      },
    },
    {
      name: 'record-usage',
      intervalMs: USAGE_INTERVAL_MS,
      scope: 'store',
      run: async (signal) => {
        await recordDailyUsage(context.metadata, context.clock.now(), signal)
      },
    },
    {
      name: 'finish-uploads',
      intervalMs: settings.sweepIntervalSeconds * 1_000,
      scope: 'store',
      run: async (signal) => {
        await finishClosedUploads(context, signal)
      },
    },
    createRetirementJob(context, settings.rotationDaysMax * DAY_MS, retirements),
    {
      name: 'prune-key-uses',
      intervalMs: HOUR_MS,
      scope: 'store',
      run: async (signal) => {
        await pruneKeyUses(context, signal)
      },
    },
    {
      name: 'prune-operation-records',
      intervalMs: HOUR_MS,
      scope: 'store',
      run: async (signal) => {
        await pruneOperationRecords(context, retention, signal)
      },
    },
  ]
}
