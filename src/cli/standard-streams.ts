import { writeSync } from 'node:fs'

/** How long to wait for a reader that has no room, before the next try. */
const FULL_PIPE_WAIT_MS = 5

/**
 * Writes text to standard output and returns when all of it is out. It does not go through `process.stdout`, whose stream classes
 * take longer to load than a short command takes to run. When the reader is gone, as `| head` is, the program ends here, quietly.
 */
export function writeStdout(text: string): void {
  try {
    writeWhole(1, text)
  } catch (error) {
    if (errorCode(error) !== 'EPIPE') throw error
    process.exit(0)
  }
}

/** Writes text to standard error. Nobody is left to be told when that fails. */
export function writeStderr(text: string): void {
  try {
    writeWhole(2, text)
  } catch {
    return
  }
}

function writeWhole(fileDescriptor: number, text: string): void {
  let bytes = Buffer.from(text)
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(fileDescriptor, bytes))
    } catch (error) {
      // A pipe that another process made non-blocking, and that is full.
      if (errorCode(error) !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_WAIT_MS)
    }
  }
}

const errorCode = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined
