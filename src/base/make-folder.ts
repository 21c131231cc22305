import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { syncFolder } from './sync-folder.ts'

/**
 * Makes a folder, and those above it that are missing, all with `mode`, their names synced; one that is there keeps its own mode. Throws the system's error. Node's
 * recursive `mkdir` never ends where a folder cannot be made in one that is there and the system says so with ENOENT, as /proc does.
 */
export function makeFolder(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode })
    syncName(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EEXIST' && statSync(path).isDirectory()) return
    const parent = dirname(path)
    if (code !== 'ENOENT' || parent === path) throw error
    makeFolder(parent, mode)
    makeInPlace(path, mode)
  }
}

function makeInPlace(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode })
    syncName(path)
  } catch (error) {
    // Another process may have been faster.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

/** What is in the folder would go with its name in a power loss. A folder above that may not be read is its owner's business. */
function syncName(path: string): void {
  try {
    syncFolder(dirname(path))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EINVAL') throw error
  }
}
