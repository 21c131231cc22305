import { writeWhole } from '../base/write-whole.ts'

/**
 * Writes text to standard output and returns when all of it is out. It does not go through `process.stdout`, whose stream classes
 * take longer to load than a short command takes to run. When the reader is gone, as `| head` is, the program ends here, quietly.
 */
export function writeStdout(text: string): void {
  try {
    writeWhole(1, text)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error
    process.exit(0)
  }
}

/** Writes text that must not be lost to standard output: throws also when the reader is gone. */
export function writeStdoutOrThrow(text: string): void {
  writeWhole(1, text)
}

/** Writes text to standard error. Nobody is left to be told when that fails. */
export function writeStderr(text: string): void {
  try {
    writeWhole(2, text)
  } catch {
    return
  }
}
