import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { link, open, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeFolder } from '../../base/make-folder.ts'
import { InvalidMasterKeys, mintMasterKey, parseMasterKeys } from './master-keys.ts'
import type { MasterKeys } from './master-keys.ts'

/** Where the master keys come from: always outside the store, so that the store and its backups alone give no secret away. */
export type MasterKeySource =
  /** A file that only its owner may read (mode 0600); `createsWhenMissing`: made with a fresh key on the first start. */
  | { readonly type: 'file'; readonly path: string; readonly createsWhenMissing: boolean }
  /** A fresh key that is kept nowhere: for a store that ends with its process. */
  | { readonly type: 'new' }
  /** The text itself, as an environment variable gives it; `name` is the variable's, for messages. */
  | { readonly type: 'environment'; readonly name: string; readonly value: string }
  /** A shell command that prints the text: a key management tool, say. */
  | { readonly type: 'command'; readonly command: string }

const TEXT_BYTES_MAX = 64 * 1024
const COMMAND_TIMEOUT_MS = 30_000

/** Loads the master keys once, at start. Throws {@link InvalidMasterKeys} naming the source and what is wrong with it. */
export async function loadMasterKeys(source: MasterKeySource): Promise<MasterKeys> {
  switch (source.type) {
    case 'file':
      return parseMasterKeys(await readKeyFile(source), `master key file ${source.path}`)
    case 'new':
      return parseMasterKeys(mintMasterKey(), 'a new master key')
    case 'environment':
      // Spaces may stand for line ends, which an environment value seldom has.
      return parseMasterKeys(source.value.trim().replace(/\s+/g, '\n'), `environment variable ${source.name}`)
    case 'command':
      return parseMasterKeys(await runKeyCommand(source.command), 'the output of the master key command')
  }
}

async function readKeyFile(source: MasterKeySource & { type: 'file' }): Promise<string> {
  const file = await openExisting(source.path)
  if (!file) {
    if (!source.createsWhenMissing)
      throw new InvalidMasterKeys(`master key file ${source.path} does not exist`)
    return await createKeyFile(source.path)
  }
  try {
    const { mode, size } = await file.stat()
    if ((mode & 0o077) !== 0) {
      const octal = (mode & 0o777).toString(8).padStart(4, '0')
      throw new InvalidMasterKeys(
        `master key file ${source.path} has mode ${octal}: others may read it; expected 0600`,
      )
    }
    if (size > TEXT_BYTES_MAX) throw new InvalidMasterKeys(`master key file ${source.path} is too large`)
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

async function openExisting(path: string) {
  try {
    return await open(path, 'r')
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null
    throw new InvalidMasterKeys(`master key file ${path} cannot be read: ${reasonOf(error)}`, {
      cause: error,
    })
  }
}

/**
 * Makes the file whole or not at all, and syncs it and its folder before the key is used: a key lost in a crash would lose every secret
 * sealed with it. When another process made the file meanwhile, its key counts.
 */
async function createKeyFile(path: string): Promise<string> {
  const text = `${mintMasterKey()}\n`
  const draft = `${path}.${randomUUID()}`
  try {
    makeFolder(dirname(path), 0o700)
    await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true })
    await link(draft, path)
    await syncFolder(dirname(path))
    return text
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return await readKeyFile({ type: 'file', path, createsWhenMissing: false })
    throw new InvalidMasterKeys(`master key file ${path} cannot be made: ${reasonOf(error)}`, {
      cause: error,
    })
  } finally {
    await rm(draft, { force: true })
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function runKeyCommand(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      '/bin/sh',
      ['-c', command],
      { timeout: COMMAND_TIMEOUT_MS, maxBuffer: TEXT_BYTES_MAX },
      (error, stdout) => {
        if (!error) return resolve(stdout)
        // The error's own text and the command's output stay out of the message: either may hold the key.
        const outcome =
          error.killed === true
            ? 'took too long or printed too much'
            : `ended with ${error.code ?? error.signal ?? 'an error'}`
        reject(new InvalidMasterKeys(`the master key command ${outcome}`))
      },
    )
  })
}

/** The system's code: its errors hold paths and codes, no content of files. */
function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'an unknown failure'
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
