/** Something that a client asked for, and what it was told. */
export interface Operation<A> {
  readonly action: A
  /** Moments that order calls and answers. */
  readonly calledAt: number
  /** Infinity: whether it happened was not told; then it may also never have happened. */
  readonly answeredAt: number
  /** For people. */
  readonly line: string
}

/** What things do in one go: the state after an action, or null when it cannot have had that outcome in this state. */
export interface SequentialModel<A> {
  readonly initial: string
  readonly step: (state: string, action: A) => string | null
}

/**
 * Whether the operations can have happened one after the other, each between its call and its answer, with the outcomes that were told (Wing and Gong, with
 * a memory of what was tried). Gives null, or the longest order that was found, for people.
 */
export function findViolation<A>(
  operations: readonly Operation<A>[],
  model: SequentialModel<A>,
): readonly Operation<A>[] | null {
  const search = new Search(operations, model)
  return search.succeeds(model.initial) ? null : search.longest
}

class Search<A> {
  readonly #operations: readonly Operation<A>[]
  readonly #model: SequentialModel<A>
  readonly #isDone: boolean[]
  readonly #tried = new Set<string>()
  readonly #order: Operation<A>[] = []
  #certainLeft: number
  longest: readonly Operation<A>[] = []

  constructor(operations: readonly Operation<A>[], model: SequentialModel<A>) {
    this.#operations = operations.toSorted((left, right) => left.calledAt - right.calledAt)
    this.#model = model
    this.#isDone = operations.map(() => false)
    this.#certainLeft = operations.filter(({ answeredAt }) => answeredAt < Infinity).length
  }

  succeeds(state: string): boolean {
    if (this.#certainLeft === 0) return true
    const situation = `${this.#isDone.map(Number).join('')} ${state}`
    if (this.#tried.has(situation)) return false
    this.#tried.add(situation)
    // Who was answered first must have happened before anybody whose call came later.
    let firstAnswer = Infinity
    for (const [at, { answeredAt }] of this.#operations.entries())
      if (this.#isDone[at] === false) firstAnswer = Math.min(firstAnswer, answeredAt)
    for (const [at, operation] of this.#operations.entries()) {
      if (operation.calledAt > firstAnswer) break
      if (this.#isDone[at] === true) continue
      const next = this.#model.step(state, operation.action)
      if (next !== null && this.#goesOn(at, operation, next)) return true
    }
    return false
  }

  #goesOn(at: number, operation: Operation<A>, next: string): boolean {
    const isCertain = operation.answeredAt < Infinity
    this.#isDone[at] = true
    this.#order.push(operation)
    if (isCertain) this.#certainLeft--
    if (this.#order.length > this.longest.length) this.longest = [...this.#order]
    if (this.succeeds(next)) return true
    this.#isDone[at] = false
    this.#order.pop()
    if (isCertain) this.#certainLeft++
    return false
  }
}
