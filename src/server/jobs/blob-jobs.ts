import type { ServiceContext } from '../../service/context.ts'
import type { Job } from './job.ts'

/** A tenth of the time after which others may end the lease. */
const RENEW_INTERVAL_MS = 60_000
const RECLAIM_INTERVAL_MS = 5_000
const ANSWER_INTERVAL_MS = 5_000
/** So long after one process found an object damaged, the others say so as well. */
const DAMAGE_INTERVAL_MS = 5_000

/** What keeps the blob store in order: each process looks after the blobs that it wrote and let go of. */
export function createBlobJobs(context: ServiceContext, sweepIntervalMs: number): readonly Job[] {
  return [
    {
      name: 'renew-writer-lease',
      intervalMs: RENEW_INTERVAL_MS,
      scope: 'process',
      run: async () => {
        const ledger = await context.blobLedger.ifOpen
        await ledger?.renew()
        // Afterwards: who cannot renew its own lease now cannot tell either why others do not.
        await ledger?.watchLeases()
      },
    },
    {
      name: 'reclaim-blobs',
      intervalMs: RECLAIM_INTERVAL_MS,
      scope: 'process',
      run: async () => {
        await (await context.blobLedger.ifOpen)?.reclaimDue()
      },
    },
    {
      name: 'answer-removal-questions',
      intervalMs: ANSWER_INTERVAL_MS,
      scope: 'process',
      run: async () => {
        await (await context.blobLedger.ifOpen)?.answerQuestions()
      },
    },
    {
      name: 'look-for-damage',
      intervalMs: DAMAGE_INTERVAL_MS,
      scope: 'process',
      run: () => context.damage.refresh(),
    },
    {
      name: 'sweep-blobs',
      intervalMs: sweepIntervalMs,
      scope: 'process',
      run: async (signal) => {
        const { referencesMended: count } = await (await context.blobLedger.open()).sweep({ signal })
        if (count > 0)
          context.damage.noteOther(
            `${count} references to blobs`,
            new Error('they were gone, though objects name these blobs, and were made again'),
          )
      },
    },
  ]
}
