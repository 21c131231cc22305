import { chmodSync, closeSync, existsSync, openSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { randomBytes } from 'node:crypto'
import { makeFolder } from '../../base/make-folder.ts'
import { lockFile, type FileLock } from '../../base/file-lock.ts'
import { realTarget, writePrivateFile } from '../../base/private-file.ts'
import { readTextFile } from '../../base/text-file.ts'
import { freeName } from './free-name.ts'
import type { KeyTarget } from './key-target.ts'
import type { WrittenKey } from './written-key.ts'

/** Stands for a key while none is made yet. */
const SAMPLE = { name: 'sample', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x'.repeat(40) }

/** Finds out whether the files can be written, before there is a key. Throws an Error that names the first that cannot. */
export async function checkTargets(
  targets: readonly KeyTarget[],
  server: Pick<WrittenKey, 'endpointUrl' | 'region' | 'caBundle'>,
): Promise<void> {
  for (const target of targets)
    await naming(target, async () => {
      const stats = statSync(target.path, { throwIfNoEntry: false })
      if (stats && !stats.isFile()) throw new Error('it is no file')
      await target.render(readTextFile(target.path), { ...SAMPLE, ...server })
      tryFolder(realTarget(target.path))
    })
}

/** A file is written beside itself first. */
function tryFolder(path: string): void {
  makeFolder(dirname(path), 0o700)
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    closeSync(openSync(draft, 'wx', 0o600))
  } finally {
    rmSync(draft, { force: true })
  }
}

/** What was written: where, and where a copy is of what was there before. */
export interface WrittenFile {
  readonly path: string
  /** Undefined: nothing was there, or the same. */
  readonly copy: string | undefined
}

/**
 * Writes the key into all files, each whole and for its owner alone (0600), a copy of what was there beside it, one command at a time. Throws an Error
 * where one cannot be written; the others then are as they were.
 */
export async function writeKey(
  targets: readonly KeyTarget[],
  key: WrittenKey,
): Promise<readonly WrittenFile[]> {
  const locks: FileLock[] = []
  try {
    for (const target of targets) await naming(target, async () => makeFolder(dirname(target.path), 0o700))
    for (const { target, real } of inOneOrder(targets))
      await naming(target, async () => {
        locks.push(await lockFile(real))
      })
    return await writeLocked(targets, key)
  } finally {
    for (const lock of locks) lock.release()
  }
}

/** By where they lead, whatever they are called, so that no two commands wait for each other. */
const inOneOrder = (targets: readonly KeyTarget[]) =>
  targets
    .map((target) => ({ target, real: realTarget(target.path) }))
    .toSorted((one, other) => (one.real < other.real ? -1 : 1))

async function writeLocked(targets: readonly KeyTarget[], key: WrittenKey): Promise<readonly WrittenFile[]> {
  const written: WrittenFile[] = []
  const undo: (() => void)[] = []
  try {
    for (const target of targets)
      await naming(target, async () => {
        const { path } = target
        const isThere = existsSync(path)
        const before = readTextFile(path)
        const text = await target.render(before, key)
        const copy = before === '' || before === text ? undefined : freeName(`${path}.before-write`)
        // What root writes keeps the mode that a file has.
        if (isThere) chmodSync(path, 0o600)
        if (copy !== undefined) writePrivateFile(copy, before)
        undo.unshift(() => {
          if (isThere) writePrivateFile(path, before)
          else rmSync(path, { force: true })
          if (copy !== undefined) rmSync(copy, { force: true })
        })
        writePrivateFile(path, text)
        written.push({ path, copy })
      })
  } catch (error) {
    for (const each of undo) attempt(each)
    throw error
  }
  return written
}

/** What cannot be undone either is left: the error that is told is the first one. */
function attempt(action: () => void): void {
  try {
    action()
  } catch {
    // The file holds a key that is about to be deleted.
  }
}

async function naming(target: KeyTarget, action: () => Promise<void>): Promise<void> {
  try {
    await action()
  } catch (error) {
    const why =
      error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error)
    throw new Error(`${target.option}: ${target.path} cannot be written: ${why}`, { cause: error })
  }
}
