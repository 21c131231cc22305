import type { Timeline } from './timeline.ts'

/** A process that can end at any moment: then nothing that it waits for ever comes, and so nothing more happens in it. */
export class SimulatedProcess {
  readonly name: string
  readonly pid: number
  readonly timeline: Timeline
  #isAlive = true
  readonly #whenEnded = new Set<() => void>()

  constructor(timeline: Timeline, name: string, pid: number) {
    this.timeline = timeline
    this.name = name
    this.pid = pid
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  /** As if it were killed. */
  end(): void {
    this.#isAlive = false
    for (const act of this.#whenEnded) act()
    this.#whenEnded.clear()
  }

  /** Timers are the machine's and go on when a process ends; what they lead to must come to nothing. */
  whileAlive<T>(act: () => Promise<T>): Promise<T> {
    return this.#isAlive ? act() : new Promise(() => undefined)
  }

  /** What `act` gives or throws, after a while. */
  after<T>(delayMs: number, what: string | null, act: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.#isAlive) return
      this.timeline.plan(delayMs, what === null ? null : `${this.name} ${what}`, () => {
        if (!this.#isAlive) return
        try {
          resolve(act())
        } catch (error) {
          this.timeline.note(`${this.name} failed: ${String(error)}`)
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      })
    })
  }

  /** What the work of this process comes to, as somebody outside sees it: 'ended' when the process ends first. */
  watch<T>(work: Promise<T>): Promise<T | 'ended'> {
    return new Promise((resolve, reject) => {
      const ended = (): void => resolve('ended')
      this.#whenEnded.add(ended)
      work.then(resolve, reject).finally(() => this.#whenEnded.delete(ended))
    })
  }
}
