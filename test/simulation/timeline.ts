import { SeededRandom } from '../seeded-random.ts'
import { nextRealTurn } from './machine-time.ts'

/** What is to happen at a moment of simulated time. */
export interface Planned {
  readonly atMs: number
  readonly order: number
  /** For the log; null: not worth a line. */
  readonly what: string | null
  readonly act: () => void
  isCancelled: boolean
}

/**
 * Simulated time: whatever is awaited in a simulation is planned here, happens in the order of its time, one thing at once, and each leads to its end (all
 * that follows from it without waiting) before the next. Delays come from the seed, so one seed gives one order.
 */
export class Timeline {
  readonly random: SeededRandom
  /** One line for each thing that happened. */
  readonly log: string[] = []
  #nowMs = 0
  #orders = 0
  readonly #heap: Planned[] = []

  constructor(seed: number) {
    this.random = new SeededRandom(seed)
  }

  /** Milliseconds since the beginning. */
  get nowMs(): number {
    return this.#nowMs
  }

  note(line: string): void {
    this.log.push(`${this.#nowMs.toFixed(3)} ${line}`)
  }

  plan(delayMs: number, what: string | null, act: () => void): Planned {
    const planned = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      order: this.#orders++,
      what,
      act,
      isCancelled: false,
    }
    this.#push(planned)
    return planned
  }

  pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.plan(delayMs, null, resolve))
  }

  /** Up to so long, by the seed; mostly short. */
  delayMs(most: number): number {
    const share = this.random.below(1_000) / 1_000
    return share * share * most
  }

  /** Whether something happens that does so in `percent` of a hundred cases. */
  chance(percent: number): boolean {
    return this.random.below(10_000) < percent * 100
  }

  /** Lets everything happen until `work` is done, and gives what it comes to. Throws when nothing more can happen, or too much did. */
  async run<T>(work: Promise<T>, eventsMax = 200_000): Promise<T> {
    const end = { isReached: false }
    const finish = (): void => {
      end.isReached = true
    }
    work.then(finish, finish)
    for (let events = 0; ; events++) {
      await nextRealTurn()
      if (end.isReached) return await work
      const next = this.#pop()
      if (!next) throw new Error('the simulation stands still: something is awaited that never comes')
      if (events > eventsMax) throw new Error(`the simulation did not end within ${eventsMax} events`)
      if (next.isCancelled) continue
      this.#nowMs = next.atMs
      if (next.what !== null) this.note(next.what)
      next.act()
    }
  }

  #push(planned: Planned): void {
    const heap = this.#heap
    let at = heap.push(planned) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent]
      if (!above || isBefore(above, planned)) break
      heap[at] = above
      at = parent
    }
    heap[at] = planned
  }

  #pop(): Planned | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last || first === last) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      const [left, right] = [heap[child], heap[child + 1]]
      if (!left) break
      if (right && isBefore(right, left)) child++
      const lower = heap[child]
      if (!lower || isBefore(last, lower)) break
      heap[at] = lower
      at = child
    }
    heap[at] = last
    return first
  }
}

const isBefore = (left: Planned, right: Planned): boolean =>
  left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order)
