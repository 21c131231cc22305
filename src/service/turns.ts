/**
 * Lets the writers of one record in this process take turns: they would otherwise make each other's commits conflict. Other processes
 * may still win in between, so a commit checks what it read all the same. Holds one entry for each record that is being written.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** Runs `work` when all that took a turn of this name before are done. */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const previous = this.#last.get(name)
    let done: () => void = () => undefined
    const turn = new Promise<void>((resolve) => (done = resolve))
    this.#last.set(name, turn)
    try {
      if (previous) await previous
      return await work()
    } finally {
      done()
      if (this.#last.get(name) === turn) this.#last.delete(name)
    }
  }
}
