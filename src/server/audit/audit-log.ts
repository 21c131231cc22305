import type { Clock } from '../../base/clock.ts'
import { appendLines, type AuditFileOptions } from './audit-file.ts'
import { auditLine, type AuditEntry } from './audit-line.ts'
import { RefusedChanges } from './refused-changes.ts'

interface AuditLogOptions {
  /** Null: nothing is kept. */
  readonly file: AuditFileOptions | null
  readonly clock: Clock
  /** Hears of lines that cannot be written for now; once until they can again. */
  readonly onFailure: (error: unknown) => void
  /** Hears that a full file cannot be put aside, and so grows; once until it can again. */
  readonly onGrowth: (error: Error) => void
  /** Hears of lines that were still waiting when the server ended. */
  readonly onLoss: (count: number) => void
  readonly onLines: (count: number, outcome: 'written' | 'dropped' | 'left-out') => void
}

/** Lines wait so long for others, so that a burst of changes is one write. */
const GATHER_MS = 50
/** After a failure it is tried again after so long. */
const RETRY_MS = 5_000
/** What waits while the disk is full; more is dropped and counted. */
const WAITING_CHARACTERS_MAX = 8 * 1024 * 1024

/** The log of every change. No request waits for it: lines are gathered in memory and written together a moment later. */
export class AuditLog {
  readonly #options: AuditLogOptions
  readonly #refused = new RefusedChanges()
  #waiting: string[] = []
  #waitingCharacters = 0
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()
  #isFailing = false
  #isGrowing = false

  constructor(options: AuditLogOptions) {
    this.#options = options
  }

  /** Never throws and never waits. */
  record(entry: AuditEntry): void {
    const { file, clock, onLines } = this.#options
    if (file === null) return
    const now = clock.now()
    const told = this.#refused.admit(entry, now)
    if (told === null) return onLines(1, 'left-out')
    const line = auditLine(now, told)
    if (this.#waitingCharacters + line.length > WAITING_CHARACTERS_MAX) return onLines(1, 'dropped')
    this.#waiting.push(line)
    this.#waitingCharacters += line.length
    this.#timer ??= setTimeout(() => void this.flush(), this.#isFailing ? RETRY_MS : GATHER_MS).unref()
  }

  /** Writes what waits; when that is not possible, it goes on waiting and is tried again. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    return (this.#writing = this.#writing.then(() => this.#write()))
  }

  /** Writes what waits, for the last time: what cannot be written now is lost, and counted. Never rejects. */
  async close(): Promise<void> {
    await this.flush()
    clearTimeout(this.#timer)
    const { onLines, onLoss } = this.#options
    if (this.#waiting.length === 0) return
    onLines(this.#waiting.length, 'dropped')
    onLoss(this.#waiting.length)
    this.#waiting = []
  }

  async #write(): Promise<void> {
    const { file, onFailure, onGrowth, onLines } = this.#options
    const lines = this.#waiting
    if (file === null || lines.length === 0) return
    this.#waiting = []
    try {
      const growth = await appendLines(file, lines.join(''))
      if (growth && !this.#isGrowing) onGrowth(growth)
      this.#isGrowing = growth !== null
    } catch (error) {
      this.#waiting = [...lines, ...this.#waiting]
      if (!this.#isFailing) onFailure(error)
      this.#isFailing = true
      this.#timer ??= setTimeout(() => void this.flush(), RETRY_MS).unref()
      return
    }
    this.#isFailing = false
    for (const line of lines) this.#waitingCharacters -= line.length
    onLines(lines.length, 'written')
  }
}
