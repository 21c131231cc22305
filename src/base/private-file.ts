import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { makeFolder } from './make-folder.ts'
import { syncFolder } from './sync-folder.ts'

/**
 * Writes a file that only its owner may read (mode 0600), whole or not at all: a reader, and a crash, see the old content or the new one.
 * A symbolic link stays and its target is written. Folders that are missing are made, for their owner alone. When root writes, a file that
 * is there keeps its owner and mode, and a new one belongs to the owner of its folder: who uses it must still be able to read it.
 */
export function writePrivateFile(path: string, content: string): void {
  makeFolder(dirname(path), 0o700)
  const target = realTarget(path)
  const draft = `${target}.${randomBytes(6).toString('hex')}`
  try {
    const file = openSync(draft, 'wx', 0o600)
    try {
      writeFileSync(file, content)
      if (process.getuid?.() === 0) keepOwner(file, target)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(draft, target)
    syncFolder(dirname(target))
  } finally {
    rmSync(draft, { force: true })
  }
}

function keepOwner(draft: number, target: string): void {
  const existing = statSync(target, { throwIfNoEntry: false })
  const { uid, gid } = existing ?? statSync(dirname(target))
  fchownSync(draft, uid, gid)
  if (existing) fchmodSync(draft, existing.mode & 0o777)
}

/**
 * What is written under a path: where a symbolic link leads, if there is something, else the name in the folder as it is really called. Throws the error of
 * the file system.
 */
export function realTarget(path: string): string {
  return realPath(path) ?? join(realPath(dirname(path)) ?? dirname(path), basename(path))
}

/** Null: nothing is there. */
function realPath(path: string): string | null {
  try {
    return realpathSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
