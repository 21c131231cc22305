import { writeSync } from 'node:fs'

/** How long to wait for a reader that has no room, before the next try. */
const FULL_PIPE_WAIT_MS = 5

/**
 * Writes all of a text to a file descriptor and returns when it is out. Throws what the system says: EPIPE when the reader is gone, ENOSPC
 * when the disk is full.
 */
export function writeWhole(fileDescriptor: number, text: string): void {
  let bytes = Buffer.from(text)
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(fileDescriptor, bytes))
    } catch (error) {
      // A pipe that another process made non-blocking, and that is full.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_WAIT_MS)
    }
  }
}
