import { monotonicMs, type MonotonicClock } from '../../base/clock.ts'
import type { ExchangeLog } from '../../base/exchange.ts'
import type { CutReason } from '../http/connection.ts'

/** Lines of one kind come at most so often: whoever makes them come must not fill the disk. */
const INTERVAL_MS = 10_000

/** Logs connections that were refused or ended, those of one kind together. */
export class ConnectionLog {
  readonly #log: ExchangeLog
  readonly #monotonicMs: MonotonicClock
  readonly #kinds = new Map<CutReason | 'refused', { loggedAt: number; count: number }>()

  constructor(log: ExchangeLog, clock: MonotonicClock = monotonicMs) {
    this.#log = log
    this.#monotonicMs = clock
  }

  /** `openFromThere`: connections of the address that are open. */
  note(kind: CutReason | 'refused', remoteAddress: string, openFromThere?: number): void {
    const now = this.#monotonicMs()
    const known = this.#kinds.get(kind) ?? { loggedAt: -Infinity, count: 0 }
    this.#kinds.set(kind, known)
    known.count++
    if (now - known.loggedAt < INTERVAL_MS) return
    this.#log.warn({ kind, connections: known.count, remoteAddress, openFromThere }, MESSAGES[kind])
    known.loggedAt = now
    known.count = 0
  }
}

const MESSAGES: Readonly<Record<CutReason | 'refused', string>> = {
  refused: 'connections were refused, since all that may be open are; the last was from this address',
  crowded: 'connections made room for others, since all that may be open were; the last was to this address',
  handshake: 'connections were closed whose TLS handshake took too long',
  idle: 'connections were closed on which nothing moved in the middle of a transfer',
  'slow-sender': 'connections were closed whose clients sent too slowly',
  'slow-reader': 'connections were closed whose clients read too slowly',
  pipelining: 'connections were closed whose clients sent too much ahead of the responses',
}
