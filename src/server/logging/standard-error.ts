import { fstatSync, write, writeSync } from 'node:fs'
import type { LogTarget } from './log-output.ts'

const STANDARD_ERROR = 2

/**
 * Standard error as a target that never holds up the process. Node writes to pipes and sockets without waiting, but to files and terminals
 * it waits, so those are written by a thread of the pool.
 */
export function openStandardError(): LogTarget {
  const kind = fstatSync(STANDARD_ERROR)
  // Without a listener, a pipe whose reader has gone would end the process; the callback is told as well.
  process.stderr.off('error', isGone).on('error', isGone)
  if (kind.isFIFO() || kind.isSocket()) return (piece, done) => void process.stderr.write(piece, done)
  return (piece, done) => writeWhole(Buffer.from(piece), done)
}

const isGone = (): void => undefined

/** Writes as much as goes without waiting, for the moment in which the process exits. */
export function writeLastWords(text: string): void {
  try {
    if (text !== '') writeSync(STANDARD_ERROR, text)
  } catch {
    // Nobody takes them, and there is no other place to say so.
  }
}

function writeWhole(bytes: Buffer, done: (error?: Error | null) => void): void {
  write(STANDARD_ERROR, bytes, (error, written) => {
    if (error || written === bytes.length) done(error)
    else writeWhole(bytes.subarray(written), done)
  })
}
