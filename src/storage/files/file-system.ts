import { close, fstatSync, open, read, readv } from 'node:fs'
import {
  mkdir,
  open as openHandle,
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
import { promisify } from 'node:util'
import { makeFolder } from '../../base/make-folder.ts'
import { makePrivate } from '../../base/private-mode.ts'
import { createDirectFile, DIRECT_BYTES_MIN } from './direct-file.ts'
import type { NewFile } from './new-file.ts'

/**
 * What the engine asks of a file system; the system's errors come as they are, with their codes. The one below is the machine's; the simulation
 * (`test/simulation/`) has one whose disk loses power.
 */
export interface FileSystem {
  /** Makes a folder and those above it that are missing, for their owner alone, their names synced; one that is there is closed to others. */
  makePrivateFolder(path: string): Promise<void>
  /** Makes one folder, not synced. */
  mkdir(path: string): Promise<void>
  rmdir(path: string): Promise<void>
  /** A new file, not synced; EEXIST when it is there. It will have about so many bytes, as far as that is known. */
  create(path: string, sizeBytes?: number): Promise<NewFile>
  openForReading(path: string): Promise<OpenFile>
  /** Puts a file in the place of another, at once; not synced. */
  rename(from: string, to: string): Promise<void>
  unlink(path: string): Promise<void>
  /** Removes what is there, whatever lies in it. */
  remove(path: string): Promise<void>
  readdir(path: string): Promise<string[]>
  stat(path: string): Promise<{ readonly size: number; readonly mtimeMs: number }>
  /** Makes the time of change the present one. */
  touch(path: string): Promise<void>
  /** What others than root may still write there. */
  freeBytes(path: string): Promise<number>
  /** Resolves when every name that was in the folder at the time of the call is on the disk; of names that others made it is sure only with {@link openFolder}. */
  syncFolder(path: string): Promise<void>
  /** Opens a folder, in which names are to be made. ENOENT when it is not there. */
  openFolder(path: string): Promise<OpenFolder>
}

/** A folder that is held open. The system tells of a name that it could not write whoever has the folder open at that moment, once each; who opens it later hears nothing of it. */
export interface OpenFolder {
  /** Resolves when every name that was made in the folder since it was opened is on the disk. */
  sync(): Promise<void>
  /** Whether it is the one that the path, under which it was opened, leads to: it may have been removed, and another made there. */
  isAt(path: string): Promise<boolean>
  close(): Promise<void>
}

/** The folder that an open file is. */
export const openedFolder = (handle: FileHandle): OpenFolder => ({
  sync: () => handle.sync(),
  isAt: async (path) => {
    const held = await handle.stat()
    const there = await stat(path).catch(() => null)
    return there !== null && there.ino === held.ino && there.dev === held.dev
  },
  close: () => handle.close(),
})

/** A file that is being read. It calls back, since promises cost too much here. */
export interface OpenFile {
  readonly sizeBytes: number
  /** Fills buffers one after the other with the bytes from `at`. Gives the number of bytes, which may be fewer than asked for; 0 at the end of the file. */
  read(
    buffers: readonly Uint8Array[],
    at: number,
    done: (error: Error | null, bytesRead: number) => void,
  ): void
  close(done: (error?: Error | null) => void): void
}

/** Copies bytes into buffers, one after the other, as {@link OpenFile.read} fills them. */
export function spread(bytes: Uint8Array, buffers: readonly Uint8Array[]): void {
  let at = 0
  for (const buffer of buffers) {
    buffer.set(bytes.subarray(at, at + buffer.length))
    at += buffer.length
  }
}

const openDescriptor = promisify(open)
const closeDescriptor = promisify(close)

class DescriptorFile implements OpenFile {
  readonly sizeBytes: number
  readonly #descriptor: number

  constructor(descriptor: number, sizeBytes: number) {
    this.#descriptor = descriptor
    this.sizeBytes = sizeBytes
  }

  read(
    buffers: readonly Uint8Array[],
    at: number,
    done: (error: Error | null, bytesRead: number) => void,
  ): void {
    const [first, ...further] = buffers
    if (first && further.length === 0) read(this.#descriptor, first, 0, first.length, at, done)
    else readv(this.#descriptor, buffers, at, done)
  }

  close(done: (error?: Error | null) => void): void {
    close(this.#descriptor, done)
  }
}

/** The machine's own. */
export const systemFiles: FileSystem = {
  async makePrivateFolder(path) {
    makeFolder(path, 0o700)
    // A copy that somebody restored may be open to others; what lies below it is closed with it.
    makePrivate(path)
  },
  mkdir: (path) => mkdir(path, { mode: 0o700 }),
  rmdir,
  async create(path, sizeBytes = 0) {
    const direct = sizeBytes >= DIRECT_BYTES_MIN ? await createDirectFile(path) : null
    if (direct) return direct
    const handle = await openHandle(path, 'wx', 0o600)
    return {
      isBuffered: true,
      write: async (bytes, from) => (await handle.write(bytes, from)).bytesWritten,
      datasync: () => handle.datasync(),
      close: () => handle.close(),
    }
  },
  async openForReading(path) {
    const descriptor = await openDescriptor(path, 'r')
    try {
      // Of a file that was opened just now the system has the size at hand, so that this waits for no disk.
      return new DescriptorFile(descriptor, fstatSync(descriptor).size)
    } catch (error) {
      await closeDescriptor(descriptor)
      throw error
    }
  },
  rename,
  unlink,
  remove: (path) => rm(path, { recursive: true, force: true }),
  readdir: (path) => readdir(path),
  stat,
  touch: (path) => {
    const now = new Date()
    return utimes(path, now, now)
  },
  async freeBytes(path) {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  },
  openFolder: async (path) => openedFolder(await openHandle(path, 'r')),
  async syncFolder(path) {
    const handle = await openHandle(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
}
