import pino from 'pino'
import type { ExchangeLog } from '../../base/exchange.ts'
import { textLine } from './text-line.ts'

/** The process's log. Fields are names and values for machines, the message is for people; neither ever holds a secret. */
export interface Logger extends ExchangeLog {
  /** Whether messages of that level are written; saves making the fields of one that is not. */
  isEnabled(level: 'debug' | 'info'): boolean
  /** The same log, with these fields in each line. */
  with(fields: object): Logger
  /** Writes out what is buffered; for the end of the process. */
  flush(): void
}

export interface LoggerOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  readonly format: 'json' | 'text'
  /** Standard error when absent; tests pass their own. */
  readonly write?: (line: string) => void
}

const STANDARD_ERROR = 2
/** Lines are written in pieces of this size, and at least once a second. */
const BUFFER_BYTES = 4_096
const FLUSH_INTERVAL_MS = 1_000
/** Beyond this much unwritten log, lines are dropped: a log that nobody reads must not fill the memory. */
const BACKLOG_BYTES_MAX = 8 * 1024 * 1024

/** Writes lines of JSON, buffered, or lines of text for a terminal, at once. */
export function createLogger({ level, format, write }: LoggerOptions): Logger {
  const destination =
    write || format === 'text'
      ? undefined
      : pino.destination({
          fd: STANDARD_ERROR,
          sync: false,
          minLength: BUFFER_BYTES,
          periodicFlush: FLUSH_INTERVAL_MS,
          maxLength: BACKLOG_BYTES_MAX,
        })
  const writeLine = write ?? ((line: string) => void process.stderr.write(line))
  const stream = destination ?? {
    write: (line: string) => writeLine(format === 'text' ? textLine(line) : line),
  }
  const instance = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: (error: unknown) => describeError(error) },
    },
    stream,
  )
  return wrap(instance, () => destination?.flushSync())
}

const wrap = (instance: pino.Logger, flush: () => void): Logger => ({
  debug: (fields, message) => instance.debug(fields, message),
  info: (fields, message) => instance.info(fields, message),
  warn: (fields, message) => instance.warn(fields, message),
  error: (fields, message) => instance.error(fields, message),
  isEnabled: (level) => instance.isLevelEnabled(level),
  with: (fields) => wrap(instance.child(fields), flush),
  flush,
})

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
