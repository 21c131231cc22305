import { closeSync, fsyncSync, openSync } from 'node:fs'

/** Returns when the names that the folder holds are on the disk. Throws the system's error. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
