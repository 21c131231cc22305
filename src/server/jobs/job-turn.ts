import type { Clock, MonotonicClock } from '../../base/clock.ts'
import { storeKey } from '../../service/keyspace.ts'
import { recordCodec } from '../../service/records/codec.ts'
import type { MetadataStore, Version } from '../../storage/metadata-store.ts'

/** When a job of the whole store is next to be done, and who did it last. */
interface JobTurnRecord {
  /** Epoch milliseconds, by the clock of who took the turn. */
  readonly nextAt: number
  readonly takenBy: string
}

const jobTurnCodec = recordCodec<JobTurnRecord>('job turn', 1)

interface JobTurnsOptions {
  readonly metadata: MetadataStore
  /** For what is left of a turn that this process did not see begin. */
  readonly clock: Clock
  readonly monotonicMs: MonotonicClock
  /** Names this process to the others. */
  readonly processId: string
}

/** A turn that was seen, of whichever process. */
interface SeenTurn {
  readonly version: Version
  /** On the monotonic clock. */
  readonly endsAt: number
}

/**
 * Whose turn it is, among the processes that share a store, to do a job in this interval. A turn lasts for the interval as the uptime of each process that sees it
 * counts: a clock that jumps neither gives a job a second turn nor keeps it waiting. The time of day is asked once a turn, for how much is left of one that began
 * before this process looked; whatever it says, that is an interval at most.
 */
export class JobTurns {
  readonly #options: JobTurnsOptions
  readonly #seen = new Map<string, SeenTurn>()

  constructor(options: JobTurnsOptions) {
    this.#options = options
  }

  /** Takes the turn; false when another process has it. When that process dies the work waits for the next interval. */
  async take(name: string, intervalMs: number): Promise<boolean> {
    const { metadata, clock, processId } = this.#options
    const key = storeKey(`job/${name}`)
    const [entry = null] = await metadata.getMany([key])
    if (entry) {
      const turn = jobTurnCodec.decode(entry.value)
      // The scheduler of this process keeps the interval of what it did itself.
      if (turn.takenBy !== processId && this.#isUnderWay(name, intervalMs, { turn, version: entry.version }))
        return false
    }
    const value = jobTurnCodec.encode({ nextAt: clock.now() + intervalMs, takenBy: processId })
    const outcome = await metadata.commit({
      checks: [{ key, version: entry?.version ?? null }],
      sets: [{ key, value }],
      // Lifecycle rules, for one, are to make room on a full disk.
      usesReserve: true,
    })
    return outcome === 'ok'
  }

  #isUnderWay(
    name: string,
    intervalMs: number,
    { turn, version }: { readonly turn: JobTurnRecord; readonly version: Version },
  ): boolean {
    const { clock, monotonicMs } = this.#options
    const nowMs = monotonicMs()
    const seen = this.#seen.get(name)
    if (seen?.version === version) return nowMs < seen.endsAt
    const leftMs = turn.nextAt - clock.now()
    // More is left than a turn lasts: one of the two clocks is wrong, and nobody can tell which.
    const isWrong = leftMs > intervalMs
    const endsAt = isWrong || leftMs <= 0 ? nowMs : nowMs + leftMs
    this.#seen.set(name, { version, endsAt })
    return nowMs < endsAt
  }
}
