const WINDOW_MS = 10_000
/** Shorter than that a rate says little. */
const SPAN_MS_MIN = 1_000

/** How fast bytes are confirmed, over the last ten seconds. */
export class Rate {
  #samples: { readonly at: number; readonly bytes: number }[] = []
  #since: number | null = null

  /** Counts bytes that the server has confirmed at an instant, in milliseconds. */
  add(bytes: number, at: number): void {
    this.#since ??= at
    this.#samples.push({ at, bytes })
  }

  /** Begins anew: nothing was under way. */
  restart(at: number): void {
    this.#samples = []
    this.#since = at
  }

  /** Bytes a second; null as long as too little is known. */
  perSecond(now: number): number | null {
    if (this.#since === null) return null
    this.#samples = this.#samples.filter(({ at }) => at > now - WINDOW_MS)
    const spanMs = Math.min(WINDOW_MS, now - this.#since)
    if (spanMs < SPAN_MS_MIN) return null
    return (this.#samples.reduce((sum, { bytes }) => sum + bytes, 0) / spanMs) * 1_000
  }
}
