/** A bounded number of places for what is dear; each is given back once. */
export class Places {
  readonly #max: number
  #taken = 0
  readonly #waiting = new Set<() => void>()

  /** So many may be taken at once. */
  constructor(max: number) {
    this.#max = max
  }

  /** How many are taken. */
  get taken(): number {
    return this.#taken
  }

  /** Whether somebody waits for one. */
  get isWaitedFor(): boolean {
    return this.#waiting.size > 0
  }

  /** Takes a place. False: there is none. */
  take(): boolean {
    if (this.#taken >= this.#max) return false
    this.#taken++
    return true
  }

  /** Gives a place back: to who waits longest, if anyone does. */
  giveBack(): void {
    const [next] = this.#waiting
    if (!next) {
      this.#taken--
      return
    }
    this.#waiting.delete(next)
    next()
  }

  /** Calls `onTaken`, now or later, once a place is taken for it. What it gives stops the waiting; it does nothing when that is over. */
  wait(onTaken: () => void): () => void {
    if (this.take()) {
      onTaken()
      return () => undefined
    }
    // A function of its own, since one may wait twice.
    const waiter = () => onTaken()
    this.#waiting.add(waiter)
    return () => void this.#waiting.delete(waiter)
  }
}
