import { terminalLine } from '../../base/terminal-text.ts'
import type { Clock } from '../../base/clock.ts'

/** What is told with an event. Secrets have no place here. */
type LogFields = Readonly<Record<string, string | number | readonly string[] | undefined>>

/** Writes what happened as one line. */
export type Log = (event: string, fields?: LogFields) => void

/** A log whose lines go to `write`: the time, what happened, then fields as JSON writes their values. */
export function createLog(write: (line: string) => void, clock: Clock): Log {
  return (event, fields = {}) => {
    const told = Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${JSON.stringify(value)}`],
    )
    const line = [new Date(clock.now()).toISOString(), event, ...told].join(' ')
    write(`${terminalLine(line)}\n`)
  }
}
