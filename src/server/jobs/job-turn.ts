import { storeKey } from '../../service/keyspace.ts'
import { recordCodec } from '../../service/records/codec.ts'
import type { MetadataStore } from '../../storage/metadata-store.ts'

/** When a job of the whole store is next to be done, and who did it last. */
interface JobTurnRecord {
  /** Epoch milliseconds. */
  readonly nextAt: number
  readonly takenBy: string
}

const jobTurnCodec = recordCodec<JobTurnRecord>('job turn', 1)

/**
 * Takes the turn of a job in this interval; false when another process has it. When that process dies the work waits for the next
 * interval. A clock that runs ahead elsewhere delays a job by at most one interval, since no turn is honoured for longer than that.
 */
export async function takeJobTurn(
  metadata: MetadataStore,
  turn: {
    readonly name: string
    readonly intervalMs: number
    readonly nowMs: number
    readonly takenBy: string
  },
): Promise<boolean> {
  const key = storeKey(`job/${turn.name}`)
  const [entry = null] = await metadata.getMany([key])
  if (entry) {
    const waitMs = jobTurnCodec.decode(entry.value).nextAt - turn.nowMs
    if (waitMs > 0 && waitMs <= turn.intervalMs) return false
  }
  const value = jobTurnCodec.encode({ nextAt: turn.nowMs + turn.intervalMs, takenBy: turn.takenBy })
  const outcome = await metadata.commit({
    checks: [{ key, version: entry?.version ?? null }],
    sets: [{ key, value }],
    // Lifecycle rules, for one, are to make room on a full disk.
    usesReserve: true,
  })
  return outcome === 'ok'
}
