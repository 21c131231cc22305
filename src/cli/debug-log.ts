import { writeStderr } from './standard-streams.ts'

/** Takes a line of `--debug`; does nothing without that option. Callers never give it a secret. */
export type DebugLog = (event: string) => void

/** The log of `--debug`; while that is off, lines go nowhere. */
export function createDebugLog(isOn: boolean): DebugLog {
  return isOn ? (event) => writeStderr(`${new Date().toISOString()} ${event}\n`) : () => undefined
}
