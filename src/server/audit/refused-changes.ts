import type { AuditEntry } from './audit-line.ts'

const WINDOW_MS = 60_000
/** Refused changes of one access key that are told of within a minute. */
const PER_MINUTE_MAX = 120
/** Keys remembered; the one that was refused first is forgotten for another. */
const KEYS_MAX = 10_000

interface Refusals {
  readonly startedAtMs: number
  count: number
}

/**
 * Bounds what is told of the changes that one access key was refused. The audit log keeps so many bytes: somebody with a key that opens next to
 * nothing could push out what was really done.
 */
export class RefusedChanges {
  readonly #byKey = new Map<string, Refusals>()

  /**
   * The entry as it is to be told; null: the key was refused too often within a minute. The last one that is told says that others are left out.
   * `nowMs` is in epoch milliseconds.
   */
  admit(entry: AuditEntry, nowMs: number): AuditEntry | null {
    const { accessKeyId, outcome } = entry
    if (outcome !== 'failed' || accessKeyId === undefined) return entry
    const { count, startedAtMs } = this.#note(accessKeyId, nowMs)
    if (count < PER_MINUTE_MAX) return entry
    if (count > PER_MINUTE_MAX) return null
    return { ...entry, refusalsLeftOutUntil: new Date(startedAtMs + WINDOW_MS).toISOString() }
  }

  #note(accessKeyId: string, nowMs: number): Refusals {
    const known = this.#byKey.get(accessKeyId)
    if (known && nowMs >= known.startedAtMs && nowMs - known.startedAtMs < WINDOW_MS) {
      known.count++
      return known
    }
    this.#byKey.delete(accessKeyId)
    for (const oldest of this.#byKey.keys()) {
      if (this.#byKey.size < KEYS_MAX) break
      this.#byKey.delete(oldest)
    }
    const refusals = { startedAtMs: nowMs, count: 1 }
    this.#byKey.set(accessKeyId, refusals)
    return refusals
  }
}
