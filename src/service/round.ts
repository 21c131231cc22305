/**
 * A round of background work over many things. What fails for one of them must not keep the others from having their turn: it is
 * counted, and told at the end.
 */
export class Round {
  readonly #signal: AbortSignal | undefined
  #failures = 0
  #first: { readonly of: string; readonly error: unknown } | undefined

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal
  }

  /** Does the work for one thing, which `of` names. Rejects only once the signal has aborted: with its reason, or what it led to. */
  async attempt(of: string, work: () => Promise<void>): Promise<void> {
    this.#signal?.throwIfAborted()
    try {
      await work()
    } catch (error) {
      if (this.#signal?.aborted === true) throw error
      this.#failures++
      this.#first ??= { of, error }
    }
  }

  /** Throws when anything failed; the error names the first, and has its error for a cause. */
  finish(): void {
    if (!this.#first) return
    const { of, error } = this.#first
    const others = this.#failures === 1 ? '' : `, and ${this.#failures - 1} more`
    throw new Error(`the work failed for ${of}${others}; it was done for all others`, { cause: error })
  }
}
