import { chmodSync, statSync } from 'node:fs'

const OTHERS = 0o077
const OTHERS_MAY_WRITE = 0o022
const MODE_BITS = 0o7777

/** All that the process makes from now on is its owner's alone, whatever the umask that it was started with. */
export function keepNewFilesPrivate(): void {
  process.umask(OTHERS)
}

/**
 * Takes from all others what they may do with a file or folder that is there, and leaves one that nobody else may use as it is. What is missing
 * is passed over. Gives false when the system refuses, as it does for what belongs to somebody else.
 */
export function makePrivate(path: string): boolean {
  const mode = modeOf(path)
  if (mode === null || (mode & OTHERS) === 0) return true
  try {
    chmodSync(path, mode & ~OTHERS)
    return true
  } catch {
    return false
  }
}

/** Whether users other than the owner may write to the file or folder; of what is missing nobody may. */
export function isWritableForOthers(path: string): boolean {
  return ((modeOf(path) ?? 0) & OTHERS_MAY_WRITE) !== 0
}

/** The bits of the mode, for messages: `0755`. */
export const modeText = (path: string): string => (modeOf(path) ?? 0).toString(8).padStart(4, '0')

function modeOf(path: string): number | null {
  const status = statSync(path, { throwIfNoEntry: false })
  return status ? status.mode & MODE_BITS : null
}
