import { constants } from 'node:fs'
import {
  chmod,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  statfs,
  unlink,
  utimes,
  type FileHandle,
} from 'node:fs/promises'
import { dirname } from 'node:path'
import { callsTo } from '../patient-calls.ts'
import { codeOf } from './failures.ts'
import { openedFolder, spread, type FileSystem, type OpenFile, type OpenFolder } from './file-system.ts'
import type { NewFile } from './new-file.ts'

const OTHERS = 0o077

/**
 * The machine's files in a folder whose file system may stop answering: no call of it makes the process wait for ever, none is made on the thread that
 * answers requests, and they take few of the threads that other files need. See {@link callsTo}.
 */
export function patientFiles(root: string): FileSystem {
  const calls = callsTo(root)
  const run: Run = (syscall, call) => calls.run(syscall, call)
  const close = (handle: FileHandle): Promise<void> =>
    calls.run('close', () => handle.close(), { isOwed: true })
  const openFile = (path: string, flags: number): Promise<FileHandle> =>
    calls.run('open', () => open(path, flags, 0o600), {
      dropLate: (handle) => void handle.close().catch(() => undefined),
    })

  const openFolder = async (path: string): Promise<OpenFolder> => {
    const handle = await openFile(path, constants.O_RDONLY)
    const folder = openedFolder(handle)
    return {
      sync: () => run('fsync', () => folder.sync()),
      isAt: (at) => run('stat', () => folder.isAt(at)),
      close: () => close(handle),
    }
  }

  const syncFolder = async (path: string): Promise<void> => {
    const folder = await openFolder(path)
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  }

  const syncName = async (path: string): Promise<void> => {
    try {
      await syncFolder(dirname(path))
    } catch (error) {
      // A folder above that may not be read is its owner's business.
      if (!['EACCES', 'EPERM', 'EINVAL'].includes(codeOf(error) ?? '')) throw error
    }
  }

  /** False: the one above is missing. */
  const isFolderMade = async (path: string): Promise<boolean> => {
    try {
      await run('mkdir', () => mkdir(path, { mode: 0o700 }))
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false
      if (codeOf(error) === 'EEXIST' && (await run('stat', () => stat(path))).isDirectory()) return true
      throw error
    }
    await syncName(path)
    return true
  }

  const makeFolder = async (path: string): Promise<void> => {
    if (await isFolderMade(path)) return
    const parent = dirname(path)
    if (parent !== path) await makeFolder(parent)
    if (!(await isFolderMade(path)))
      throw Object.assign(new Error(`${path} cannot be made`), { code: 'ENOENT', syscall: 'mkdir' })
  }

  return {
    async makePrivateFolder(path) {
      await makeFolder(path)
      const { mode } = await run('stat', () => stat(path))
      // The system refuses for what belongs to somebody else.
      if ((mode & OTHERS) !== 0)
        await run('chmod', () => chmod(path, mode & 0o7777 & ~OTHERS).catch(() => undefined))
    },
    mkdir: (path) => run('mkdir', () => mkdir(path, { mode: 0o700 })),
    rmdir: (path) => run('rmdir', () => rmdir(path)),
    async create(path) {
      const { O_WRONLY, O_CREAT, O_EXCL } = constants
      const handle = await openFile(path, O_WRONLY | O_CREAT | O_EXCL)
      return newFile(handle, run, close)
    },
    async openForReading(path) {
      const handle = await openFile(path, constants.O_RDONLY)
      try {
        const { size } = await run('fstat', () => handle.stat())
        return openedFile(handle, size, run, close)
      } catch (error) {
        await close(handle).catch(() => undefined)
        throw error
      }
    },
    rename: (from, to) => run('rename', () => rename(from, to)),
    unlink: (path) => run('unlink', () => unlink(path)),
    remove: (path) => run('unlink', () => rm(path, { recursive: true, force: true })),
    readdir: (path) => run('scandir', () => readdir(path)),
    stat: (path) => run('stat', () => stat(path)),
    touch: (path) =>
      run('utime', () => {
        const now = new Date()
        return utimes(path, now, now)
      }),
    async freeBytes(path) {
      const { bavail, bsize } = await run('statfs', () => statfs(path))
      return bavail * bsize
    },
    syncFolder,
    openFolder,
  }
}

type Run = <T>(syscall: string, call: () => Promise<T>) => Promise<T>
type Close = (handle: FileHandle) => Promise<void>

function newFile(handle: FileHandle, run: Run, close: Close): NewFile {
  return {
    isBuffered: true,
    write: async (bytes, from) => (await run('write', () => handle.write(bytes, from))).bytesWritten,
    datasync: () => run('fdatasync', () => handle.datasync()),
    close: () => close(handle),
  }
}

function openedFile(handle: FileHandle, sizeBytes: number, run: Run, close: Close): OpenFile {
  return {
    sizeBytes,
    read(buffers, at, done) {
      // A buffer that is given up goes to another body, and must not be written to when the call comes back late.
      const own = Buffer.allocUnsafe(buffers.reduce((sum, buffer) => sum + buffer.length, 0))
      run('read', () => handle.read(own, 0, own.length, at)).then(
        ({ bytesRead }) => {
          spread(own.subarray(0, bytesRead), buffers)
          done(null, bytesRead)
        },
        (error: unknown) => done(asError(error), 0),
      )
    },
    close(done) {
      close(handle).then(
        () => done(),
        (error: unknown) => done(asError(error)),
      )
    },
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
