import { randomBytes } from 'node:crypto'
import { closeSync, fstatSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Whoever holds a lock reads and writes one small file: a lock that is older was left by a process that ended. */
const LEFT_BEHIND_MS = 30_000
/** How long others are waited for. */
const WAIT_MAX_MS = 60_000
const LOOK_MS = 20

/** A file that one process at a time reads and writes anew. */
export interface FileLock {
  /** Lets the next one in. */
  release(): void
}

/**
 * Waits until no other process that asks so works on the file, and keeps the others out until the lock is released: what is read in between and
 * written again loses nothing that they write. The lock is a file beside it, `.lock` behind its name. Throws the error of the file system where none can be made, and an Error
 * where others do not let go of it for a minute.
 */
export async function lockFile(path: string): Promise<FileLock> {
  const lock = `${path}.lock`
  const giveUpAt = Date.now() + WAIT_MAX_MS
  for (;;) {
    const id = claim(lock)
    if (id !== null) return { release: () => removeIf(lock, id) }
    removeLeftBehind(lock)
    if (Date.now() > giveUpAt) throw new Error(`${lock} is there: another process is writing this file`)
    await sleep(LOOK_MS * (0.5 + Math.random()))
  }
}

/** Tells one lock of a name from a later one. */
const idOf = ({ ino, mtimeMs }: { readonly ino: number; readonly mtimeMs: number }): string =>
  `${ino} ${mtimeMs}`

function claim(lock: string): string | null {
  let file: number
  try {
    file = openSync(lock, 'wx', 0o600)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null
    throw error
  }
  try {
    return idOf(fstatSync(file))
  } finally {
    closeSync(file)
  }
}

function removeLeftBehind(lock: string): void {
  const stats = statSync(lock, { throwIfNoEntry: false })
  if (stats && Date.now() - stats.mtimeMs > LEFT_BEHIND_MS) removeIf(lock, idOf(stats))
}

/** Takes the lock away first, so that of two that do so one alone finds it; one of another process is put back. */
function removeIf(lock: string, id: string): void {
  const aside = `${lock}.${randomBytes(6).toString('hex')}`
  try {
    renameSync(lock, aside)
    if (idOf(statSync(aside)) !== id) linkSync(aside, lock)
  } catch {
    // It is gone, or there is a new one already: nothing of it is ours.
  } finally {
    rmSync(aside, { force: true })
  }
}
