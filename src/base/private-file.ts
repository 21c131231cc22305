import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder } from './make-folder.ts'

/**
 * Writes a file that only its owner may read (mode 0600), whole or not at all: a reader, and a crash, see the old content or the new one.
 * A symbolic link stays and its target is written. Folders that are missing are made, for their owner alone.
 */
export function writePrivateFile(path: string, content: string): void {
  makeFolder(dirname(path), 0o700)
  const target = targetOf(path)
  const draft = `${target}.${randomBytes(6).toString('hex')}`
  try {
    const file = openSync(draft, 'wx', 0o600)
    try {
      writeFileSync(file, content)
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

function targetOf(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return path
    throw error
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
