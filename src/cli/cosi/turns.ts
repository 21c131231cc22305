/** Lets what changes one thing run one after the other: what is read before a change is then still so. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs `act` when all that was given for `name` before has ended. */
  take<T>(name: string, act: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve()
    const turn = before.then(act, act)
    const ended = turn.then(
      () => undefined,
      () => undefined,
    )
    this.#last.set(name, ended)
    void ended.then(() => {
      if (this.#last.get(name) === ended) this.#last.delete(name)
    })
    return turn
  }
}
