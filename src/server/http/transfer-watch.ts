/** What a connection waits for, and how much has moved so far; null when it does not wait for its client. */
export interface TransferState {
  readonly direction: 'receiving' | 'sending'
  /** Bytes that came, or that the system took over, since the connection was opened. */
  readonly movedBytes: number
}

/** The least that a client must move. */
export interface TransferLimits {
  /** 0: any rate will do. */
  readonly bytesPerSecondMin: number
  /** The rate is that of so long a time, all of which the connection waited for its client. */
  readonly windowMs: number
}

/** Tells whether the client of one connection is too slow. Looked at now and then; keeps nothing but where the last window began. */
export class TransferWatch {
  #direction: TransferState['direction'] | null = null
  #startedAt = 0
  #startBytes = 0

  /** Whether over the last window less moved than must; `nowMs` counts from anywhere. */
  isTooSlow(
    state: TransferState | null,
    { bytesPerSecondMin, windowMs }: TransferLimits,
    nowMs: number,
  ): boolean {
    if (state === null || state.direction !== this.#direction) {
      this.#begin(state, nowMs)
      return false
    }
    if (nowMs - this.#startedAt < windowMs) return false
    const seconds = (nowMs - this.#startedAt) / 1_000
    const isTooSlow = state.movedBytes - this.#startBytes < bytesPerSecondMin * seconds
    this.#begin(state, nowMs)
    return isTooSlow
  }

  #begin(state: TransferState | null, nowMs: number): void {
    this.#direction = state?.direction ?? null
    this.#startedAt = nowMs
    this.#startBytes = state?.movedBytes ?? 0
  }
}
