import { open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { makeFolder } from '../../base/make-folder.ts'
import type { SettingValues } from '../configuration/schema.ts'
import type { DataFolder } from '../store/data-folder.ts'

/** Where the audit log is kept and how much of it. */
export interface AuditFileOptions {
  readonly path: string
  /** A file that has reached this is put aside. */
  readonly bytesMax: number
  /** Files that were put aside and are kept; older ones are removed. */
  readonly filesMax: number
}

/** Where the settings want the audit log; null: nowhere. */
export function auditFileOf(
  settings: Pick<SettingValues, 'auditLog' | 'auditLogBytesMax' | 'auditLogFilesMax'>,
  folder: DataFolder,
): AuditFileOptions | null {
  if (settings.auditLog === 'off') return null
  return {
    path: settings.auditLog ?? folder.auditLog,
    bytesMax: settings.auditLogBytesMax,
    filesMax: settings.auditLogFilesMax,
  }
}

/**
 * Appends whole lines, each call in one write, so that several processes may share the file, and syncs them. Puts a full file aside under its name
 * and the time; the answer is what kept it from that, usually null, when the lines are written all the same. Rejects with the system's error (a full disk); a line
 * that was cut by it is ended first by the next call.
 */
export async function appendLines(
  { path, bytesMax, filesMax }: AuditFileOptions,
  lines: string,
): Promise<Error | null> {
  makeFolder(dirname(path), 0o700)
  const file = await open(path, 'a+', 0o600)
  try {
    const { size, ino } = await file.stat()
    const bytes = Buffer.from((await endsInLine(file, size)) ? lines : `\n${lines}`)
    const { bytesWritten } = await file.write(bytes)
    if (bytesWritten < bytes.length)
      throw new Error(`only ${bytesWritten} of ${bytes.length} bytes could be written to ${path}`)
    await file.datasync()
    return size + bytes.length >= bytesMax ? await tryToPutAside(path, ino, filesMax) : null
  } finally {
    await file.close()
  }
}

async function endsInLine(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] === LINE_FEED
}

const LINE_FEED = 0x0a

async function tryToPutAside(path: string, ino: number, filesMax: number): Promise<Error | null> {
  try {
    await putAside(path, ino, filesMax)
    return null
  } catch (error) {
    // Another process was faster between two of the steps.
    if (isSystemError(error) && error.code === 'ENOENT') return null
    return error instanceof Error ? error : new Error(String(error))
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error

/** Another process may have been faster, and the name be that of a new file by now. One that still writes to the old file loses nothing. */
async function putAside(path: string, ino: number, filesMax: number): Promise<void> {
  const current = await stat(path).catch(() => null)
  if (current?.ino !== ino) return
  const time = new Date().toISOString().replace(/[-:.]/g, '')
  await rename(path, `${path}.${time}-${process.pid}-${String(++putAsideCount).padStart(6, '0')}`)
  const names = await readdir(dirname(path))
  const old = names.filter((name) => isPutAside(name, basename(path)))
  for (const name of old.sort().slice(0, -filesMax)) await rm(join(dirname(path), name), { force: true })
}

/** Whether a name is that of a file of the audit log `base` which was put aside. */
export const isPutAside = (name: string, base: string): boolean =>
  name.startsWith(`${base}.`) && PUT_ASIDE.test(name.slice(base.length + 1))

/** Two files of one millisecond must not have one name: the second would replace the first. */
let putAsideCount = 0

/** What is put behind the name: the time, the process that did it, and (not in releases before) how many it did. */
const PUT_ASIDE = /^\d{8}T\d{9}Z-\d+(?:-\d+)?$/
