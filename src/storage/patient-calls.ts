/** How long a call may take: as long as a disk may for a commit. */
const PATIENCE_MS = 30_000
/**
 * So many are under way at once in this process. Each takes one of the few threads that all files share (four, unless UV_THREADPOOL_SIZE says otherwise), and keeps it
 * for as long as it does not come back: the others stay for the store.
 */
const CALLS_MAX = 2

/** Anything whose response may never come. */
interface Waiting {
  readonly of: PatientCalls
  readonly begin: () => void
  readonly refuse: () => void
}

const places = new Map<string, PatientCalls>()
/** Those that wait for a thread; as many as there are callers. */
let waiting: Waiting[] = []
/** Gives up those that are under way. */
const underWay = new Set<() => void>()
let late = 0
let patienceMs = PATIENCE_MS

/** The calls to a place whose file system may hang, as one of a network does when its server is gone: the same object for the same place. */
export function callsTo(place: string): PatientCalls {
  let calls = places.get(place)
  if (!calls) places.set(place, (calls = new PatientCalls(place)))
  return calls
}

/** How many calls have not come back, of those that nobody waits for any more. While there are any the process cannot end in order: that waits for their threads. */
export const callsNotComeBack = (): number => late

/** From now on nobody waits longer than that for any call: the process is to end. */
export function hurryCalls(ms: number): void {
  patienceMs = Math.min(patienceMs, ms)
  setTimeout(() => {
    for (const giveUp of underWay) giveUp()
  }, ms).unref()
}

interface CallOptions<T> {
  readonly dropLate?: (value: T) => void
  readonly isOwed?: boolean
  readonly patience?: number
}

/**
 * Calls to one place. A call that has not come back in time fails for its caller, though its thread is still in it; until it does come back every further one fails at once, so that
 * a place that hangs costs two threads at most, and no memory.
 */
export class PatientCalls {
  readonly #place: string
  #late = 0
  /** What has to be done all the same, once the place answers. */
  #owed: (() => Promise<unknown>)[] = []

  constructor(place: string) {
    this.#place = place
  }

  /**
   * Does `call`, of the system's `syscall`. Rejects with an error as the system's, ETIMEDOUT, when it does not come back. `dropLate` gets what came back after that. `isOwed`: it is done later when the
   * place hangs now, as the closing of files that are open. `patience`: milliseconds, when less than usual.
   */
  run<T>(syscall: string, call: () => Promise<T>, options: CallOptions<T> = {}): Promise<T> {
    const { dropLate, isOwed = false, patience = Infinity } = options
    return new Promise((resolve, reject) => {
      const fail = (): void => reject(this.#error(syscall))
      const begin = (): void => {
        let isLate = false
        const giveUp = (): void => {
          if (isLate) return
          isLate = true
          this.#late++
          late++
          fail()
          refuseHopeless()
        }
        underWay.add(giveUp)
        const timer = setTimeout(giveUp, Math.min(patienceMs, patience))
        const end = (): void => {
          clearTimeout(timer)
          underWay.delete(giveUp)
          if (isLate) {
            this.#late--
            late--
          }
          this.#payOwed()
          beginWaiting()
        }
        call().then(
          (value) => {
            end()
            if (isLate) dropLate?.(value)
            else resolve(value)
          },
          (error: unknown) => {
            end()
            reject(error instanceof Error ? error : new Error(String(error), { cause: error }))
          },
        )
      }
      const refuse = (): void => {
        if (isOwed) this.#owed.push(call)
        fail()
      }
      waiting.push({ of: this, begin, refuse })
      refuseHopeless()
      beginWaiting()
    })
  }

  get isHanging(): boolean {
    return this.#late > 0
  }

  #payOwed(): void {
    if (this.isHanging) return
    const owed = this.#owed
    this.#owed = []
    // One that is refused again is owed again.
    for (const call of owed) this.run('close', call, { isOwed: true }).catch(() => undefined)
  }

  #error(syscall: string): Error {
    return Object.assign(new Error(`${this.#place} does not answer: ${syscall} has not come back`), {
      code: 'ETIMEDOUT',
      syscall,
    })
  }
}

function beginWaiting(): void {
  while (underWay.size < CALLS_MAX) {
    const next = waiting.shift()
    if (!next) return
    next.begin()
  }
}

/** Who waits for a place that hangs, or for threads that are all in such places, waits for nothing. */
function refuseHopeless(): void {
  const isHopeless = ({ of }: Waiting): boolean => of.isHanging || late >= CALLS_MAX
  const refused = waiting.filter(isHopeless)
  waiting = waiting.filter((each) => !isHopeless(each))
  for (const { refuse } of refused) refuse()
}
