import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Writes a body to standard output, as fast as it is read there. When the reader is gone, as `| head` is, the program ends here, quietly. */
export async function writeToStandardOutput(body: Readable, signal: AbortSignal): Promise<void> {
  try {
    await pipeline(body, process.stdout, { signal, end: false })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') process.exit(0)
    throw error
  }
}
