import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/**
 * Writes a body to standard output, as fast as it is read there, and returns when all of it is out: the program may end then. When the reader is
 * gone, as `| head` is, the program ends here, quietly.
 */
export async function writeToStandardOutput(body: Readable, signal: AbortSignal): Promise<void> {
  try {
    // Standard output stays open, so that the pipeline is over when the body is, whatever is still waiting to be written.
    await pipeline(body, process.stdout, { signal, end: false })
    await new Promise<void>((done, fail) => {
      process.stdout.write('', (error) => (error ? fail(error) : done()))
    })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') process.exit(0)
    throw error
  }
}
