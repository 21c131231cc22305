import { fstatSync } from 'node:fs'
import { terminalText } from '../base/terminal-text.ts'
import { writeWhole } from '../base/write-whole.ts'

/**
 * A text as a file descriptor is to get it: on a terminal, control characters in it are shown rather than acted on, since some of it came
 * from the network or from files of others. Pipes and files get every byte, as from the reference.
 */
export function shownOn(fileDescriptor: number, text: string): string {
  const shown = terminalText(text)
  // Asked of the file system: Node's own question loads the classes of its streams.
  return shown !== text && fstatSync(fileDescriptor).isCharacterDevice() ? shown : text
}

/**
 * Writes text to standard output and returns when all of it is out. It does not go through `process.stdout`, whose stream classes
 * take longer to load than a short command takes to run. When the reader is gone, as `| head` is, the program ends here, quietly.
 */
export function writeStdout(text: string): void {
  writeStyledStdout(shownOn(1, text))
}

/** As {@link writeStdout}, for a text that went through {@link shownOn} already, or whose control characters are this program's. */
export function writeStyledStdout(text: string): void {
  try {
    writeWhole(1, text)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error
    process.exit(0)
  }
}

/** As {@link writeStyledStdout}, for text that must not be lost: throws also when the reader is gone. */
export function writeStdoutOrThrow(text: string): void {
  writeWhole(1, text)
}

/** Writes text to standard error. Nobody is left to be told when that fails. */
export function writeStderr(text: string): void {
  try {
    writeWhole(2, shownOn(2, text))
  } catch {
    return
  }
}
