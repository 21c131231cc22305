import { fstatSync } from 'node:fs'
import { isRunning } from '../../base/is-running.ts'

const LOOK_INTERVAL_MS = 250
const STANDARD_INPUT = 0

/**
 * Resolves when the process that started this one is gone, however it ended, or when the other end of the pipe that is standard input is closed: whoever
 * starts a program through others, such as npx, is known by that alone.
 */
export function waitForParent(): Promise<void> {
  const parent = process.ppid
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      // The system gives an orphan another parent, or, on Windows, leaves it the number of the one that was.
      if (process.ppid === parent && (parent === 0 || isRunning(parent))) return
      clearInterval(timer)
      resolve()
    }, LOOK_INTERVAL_MS).unref()
    if (isPipe()) process.stdin.on('error', resolve).once('end', resolve).resume()
  })
}

function isPipe(): boolean {
  try {
    const kind = fstatSync(STANDARD_INPUT)
    return kind.isFIFO() || kind.isSocket()
  } catch {
    // It is closed, and tells nothing.
    return false
  }
}
