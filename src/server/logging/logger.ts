import type { Clock } from '../../base/clock.ts'
import type { ExchangeLog } from '../../base/exchange.ts'
import { LogOutput, type LogTarget } from './log-output.ts'
import { textLine } from './text-line.ts'

/** The process's log. Fields are names and values for machines, the message is for people; neither ever holds a secret. */
export interface Logger extends ExchangeLog {
  /** Whether messages of that level are written; saves making the fields of one that is not. */
  isEnabled(level: LogLevel): boolean
  /** The same log, with these fields in each line. */
  with(fields: object): Logger
  /** Passes on a line that another process's log made in JSON; what is no line of a log is passed on as it is. */
  relay(line: string): void
  /** Begins to write out what is buffered; for the end of the process. */
  flush(): void
  /** Lines lost so far because the log was not read in time or could not be written. */
  droppedLines(): number
  /** What is buffered and was not handed over, as text: for the moment in which the process exits. */
  takeRest(): string
}

/** How much a message matters. */
type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** What is logged, in which form, and where to. */
export interface LoggerOptions {
  /** The least level that is written. */
  readonly level: LogLevel | 'silent'
  /** Lines of JSON, gathered for a moment; or lines for people, written at once. */
  readonly format: 'json' | 'text'
  readonly target: LogTarget
  readonly clock: Clock
}

const WEIGHTS = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 }

/** Opens a log. Its lines never hold up who writes them: see {@link LogOutput}. */
export function createLogger({ level, format, target, clock }: LoggerOptions): Logger {
  const output = new LogOutput({
    target,
    isImmediate: format === 'text',
    onRoom: (droppedLines) =>
      log.warn({ droppedLines }, 'lines of this log were dropped, since it was not read in time'),
  })
  const log = new LineLogger({ output, format, clock, weight: WEIGHTS[level], fields: {} })
  return log
}

interface LineLoggerParts {
  readonly output: LogOutput
  readonly format: 'json' | 'text'
  readonly clock: Clock
  readonly weight: number
  /** In each line. */
  readonly fields: object
}

class LineLogger implements Logger {
  readonly #parts: LineLoggerParts

  constructor(parts: LineLoggerParts) {
    this.#parts = parts
  }

  debug(fields: object, message: string): void {
    this.#write('debug', fields, message)
  }
  info(fields: object, message: string): void {
    this.#write('info', fields, message)
  }
  warn(fields: object, message: string): void {
    this.#write('warn', fields, message)
  }
  error(fields: object, message: string): void {
    this.#write('error', fields, message)
  }
  isEnabled(level: LogLevel): boolean {
    return WEIGHTS[level] >= this.#parts.weight
  }
  with(fields: object): Logger {
    return new LineLogger({ ...this.#parts, fields: { ...this.#parts.fields, ...fields } })
  }
  relay(line: string): void {
    const { output, format } = this.#parts
    output.write(format === 'text' && isLogLine(line) ? textLine(line) : line)
  }
  flush(): void {
    this.#parts.output.flush()
  }
  droppedLines(): number {
    return this.#parts.output.droppedLines
  }
  takeRest(): string {
    return this.#parts.output.takeRest()
  }

  #write(level: LogLevel, fields: object, message: string): void {
    if (!this.isEnabled(level)) return
    const { output, format, clock, fields: own } = this.#parts
    const head = { level, time: new Date(clock.now()).toISOString(), pid: process.pid }
    const line = jsonLine({ ...head, ...own, ...fields, msg: message })
    output.write(format === 'text' ? textLine(line) : line)
  }
}

/** Of a process that was killed, or whose line was too long, the last may be cut: that is none. */
function isLogLine(line: string): boolean {
  if (!line.startsWith('{"level":')) return false
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

function jsonLine(entry: object & { readonly level: LogLevel; readonly msg: string }): string {
  try {
    return `${JSON.stringify('error' in entry ? { ...entry, error: describeError(entry.error) } : entry)}\n`
  } catch (error) {
    // A field that JSON cannot hold: no request fails because of its log.
    const { level, msg } = entry
    return `${JSON.stringify({ level, pid: process.pid, error: describeError(error), msg })}\n`
  }
}

/** An error's own words and its causes' (at most four), without other members: those of drivers hold whole requests. */
function describeError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: String(error) }
  return {
    type: error.name,
    code: 'code' in error && typeof error.code === 'string' ? error.code : undefined,
    message: error.message,
    stack: error.stack,
    cause: error.cause === undefined || depth === 4 ? undefined : describeError(error.cause, depth + 1),
  }
}
