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
  /** The rate is that of so long a time, all of which the connection waited for its client to send. */
  readonly windowMs: number
}

/**
 * A client that takes is watched over so many windows: what it takes at first comes out of the system's own buffer, which can hold some MiB, and
 * nobody is told before a good part of that is free.
 */
const WINDOWS_OF_SENDING = 5

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
    const watchedMs = state.direction === 'sending' ? WINDOWS_OF_SENDING * windowMs : windowMs
    if (nowMs - this.#startedAt < watchedMs) return false
    const seconds = (nowMs - this.#startedAt) / 1_000
    const movedBytes = state.movedBytes - this.#startBytes
    const isTooSlow = movedBytes === 0 || movedBytes < bytesPerSecondMin * seconds
    this.#begin(state, nowMs)
    return isTooSlow
  }

  #begin(state: TransferState | null, nowMs: number): void {
    this.#direction = state?.direction ?? null
    this.#startedAt = nowMs
    this.#startBytes = state?.movedBytes ?? 0
  }
}
