import type { AccessLogTarget } from './access-log-target.ts'
import type { ServiceContext } from '../context.ts'
import { deliverLog } from './deliver-log.ts'
import { linePieces, type LinePieces, type LoggedAccess } from './log-line.ts'

/** A source bucket with so much waiting is delivered at once. */
const BUCKET_CHARACTERS_MAX = 1024 * 1024
/** What may wait in all; further lines are dropped. */
const CHARACTERS_MAX = 32 * 1024 * 1024
/** Per line beyond its text: the two canonical ids, separators, bookkeeping. */
const LINE_OVERHEAD = 200
const DELIVERIES_AT_ONCE = 8

type LineOutcome = 'delivered' | 'dropped'

interface AccessLogsOptions {
  /** Hears what became of lines: dropped when the destination is gone or too much waits. */
  readonly onLines?: (count: number, outcome: LineOutcome) => void
  /** Hears of deliveries that nobody waits for and that failed; their lines wait for the next one. */
  readonly onFailure?: (error: unknown) => void
  /** Default: 1 MiB. */
  readonly bucketCharactersMax?: number
  /** Default: 32 MiB. */
  readonly charactersMax?: number
}

/** The lines of one source bucket that go to one place. */
interface Waiting {
  readonly target: AccessLogTarget
  lines: LinePieces[]
  characters: number
}

/**
 * Gathers the lines of access logs in memory and delivers them as objects, each with the lines of one source bucket. One for each process; best
 * effort, as S3's own: a crash loses what was gathered since the last delivery. No request waits for it.
 */
export class AccessLogs {
  readonly #context: ServiceContext
  readonly #options: AccessLogsOptions
  #waiting = new Map<string, Waiting>()
  #characters = 0
  #delivering: Promise<void> = Promise.resolve()

  constructor(context: ServiceContext, options: AccessLogsOptions = {}) {
    this.#context = context
    this.#options = options
  }

  /** Adds a line to a source bucket's log. Never fails and never waits. */
  record(target: AccessLogTarget, access: LoggedAccess): void {
    const line = linePieces(target.bucketName, access)
    const size = sizeOf(line)
    if (this.#characters + size > (this.#options.charactersMax ?? CHARACTERS_MAX)) {
      this.#options.onLines?.(1, 'dropped')
      return
    }
    const waiting = this.#waitingFor(target)
    const before = waiting.characters
    waiting.lines.push(line)
    waiting.characters += size
    this.#characters += size
    const bound = this.#options.bucketCharactersMax ?? BUCKET_CHARACTERS_MAX
    // Once, when the bound is crossed: while the store does not answer, lines go on waiting for the next regular delivery.
    if (before < bound && waiting.characters >= bound)
      this.deliver().catch((error: unknown) => this.#options.onFailure?.(error))
  }

  /**
   * Delivers all that waits; to be called regularly, and before the end. Rejects when a store does not answer: what could not be delivered then
   * waits for the next call.
   */
  deliver(): Promise<void> {
    this.#delivering = this.#delivering.then(
      () => this.#deliverOnce(),
      () => this.#deliverOnce(),
    )
    return this.#delivering
  }

  #waitingFor(target: AccessLogTarget): Waiting {
    // Neither a bucket's name nor an account id has a slash, so the name is told from all others by what comes before the prefix.
    const name = `${target.ownerAccountId}/${target.bucketName}/${target.destination}/${target.prefix}`
    const known = this.#waiting.get(name)
    if (known) return known
    const waiting = { target, lines: [], characters: 0 }
    this.#waiting.set(name, waiting)
    return waiting
  }

  async #deliverOnce(): Promise<void> {
    const batches = [...this.#waiting.values()]
    this.#waiting = new Map()
    const failures: unknown[] = []
    const worker = async (): Promise<void> => {
      for (let batch = batches.pop(); batch; batch = batches.pop()) {
        try {
          const outcome = await deliverLog(this.#context, batch.target, batch.lines)
          this.#characters -= batch.characters
          this.#options.onLines?.(batch.lines.length, outcome)
        } catch (error) {
          failures.push(error)
          this.#putBack(batch)
        }
      }
    }
    await Promise.all(Array.from({ length: DELIVERIES_AT_ONCE }, worker))
    if (failures.length > 0)
      throw new Error('access logs could not be delivered; they wait for the next time', {
        cause: failures[0],
      })
  }

  /** The characters are counted still. */
  #putBack(batch: Waiting): void {
    const waiting = this.#waitingFor(batch.target)
    waiting.lines = [...batch.lines, ...waiting.lines]
    waiting.characters += batch.characters
  }
}

const sizeOf = ({ head, tail }: LinePieces): number => head.length + tail.length + LINE_OVERHEAD
