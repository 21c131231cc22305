import {
  spread,
  type FileSystem,
  type OpenFile,
  type OpenFolder,
} from '../../src/storage/files/file-system.ts'
import type { NewFile } from '../../src/storage/files/new-file.ts'
import type { SimulatedDisk } from './disk.ts'
import type { SimulatedProcess } from './simulated-process.ts'

const CALL_MS = 2
const SYNC_MS = 12

/** The file system as one process sees it. */
export class SimulatedFiles implements FileSystem {
  readonly #disk: SimulatedDisk
  readonly #process: SimulatedProcess

  constructor(disk: SimulatedDisk, process: SimulatedProcess) {
    this.#disk = disk
    this.#process = process
  }

  async makePrivateFolder(path: string): Promise<void> {
    await this.#call(`make ${path}`, () => {
      let made = ''
      for (const name of path.split('/')) {
        if (name === '') continue
        const above = made
        made += `/${name}`
        if (this.#disk.exists(made)) continue
        this.#disk.mkdir(made)
        this.#disk.syncFolder(above)
      }
    })
  }

  mkdir(path: string): Promise<void> {
    return this.#call(`mkdir ${path}`, () => this.#disk.mkdir(path))
  }

  rmdir(path: string): Promise<void> {
    return this.#call(`rmdir ${path}`, () => this.#disk.rmdir(path))
  }

  async create(path: string): Promise<NewFile> {
    const disk = this.#disk
    const file = await this.#call(`create ${path}`, () => {
      disk.create(path)
      return disk.open(path)
    })
    let end = 0
    return {
      isBuffered: true,
      write: (bytes, from) =>
        this.#call(`write ${path}`, () => {
          // The system may take less than it is given.
          const length = this.#process.timeline.chance(10)
            ? 1 + (bytes.length - from - 1) / 2
            : bytes.length - from
          const piece = bytes.subarray(from, from + Math.floor(length))
          disk.write(path, file, end, piece)
          end += piece.length
          return piece.length
        }),
      datasync: () => this.#sync(path, () => disk.sync(path, file)),
      close: () => this.#call(null, () => undefined),
    }
  }

  async openForReading(path: string): Promise<OpenFile> {
    const disk = this.#disk
    return await this.#call(null, () => {
      const file = disk.open(path)
      return {
        sizeBytes: file.seen.length,
        read: (buffers, at, done) => {
          const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0)
          this.#call(null, () => disk.read(path, file, at, length)).then(
            (bytes) => {
              spread(bytes, buffers)
              done(null, bytes.length)
            },
            (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), 0),
          )
        },
        close: (done) => void this.#call(null, () => undefined).then(() => done()),
      }
    })
  }

  rename(from: string, to: string): Promise<void> {
    return this.#call(`rename ${from} ${to}`, () => this.#disk.rename(from, to))
  }

  unlink(path: string): Promise<void> {
    return this.#call(`unlink ${path}`, () => this.#disk.unlink(path))
  }

  remove(path: string): Promise<void> {
    return this.#call(`remove ${path}`, () => this.#disk.remove(path))
  }

  readdir(path: string): Promise<string[]> {
    return this.#call(null, () => this.#disk.readdir(path))
  }

  stat(path: string): Promise<{ size: number; mtimeMs: number }> {
    return this.#call(null, () => this.#disk.stat(path))
  }

  touch(path: string): Promise<void> {
    return this.#call(null, () => this.#disk.touch(path))
  }

  freeBytes(): Promise<number> {
    return this.#call(null, () => Math.max(0, this.#disk.roomBytes - this.#disk.usedBytes))
  }

  syncFolder(path: string): Promise<void> {
    return this.#sync(path, () => this.#disk.syncFolder(path))
  }

  async openFolder(path: string): Promise<OpenFolder> {
    const folder = await this.#call(null, () => this.#disk.openFolder(path))
    return {
      sync: () => this.#sync(path, () => this.#disk.syncFolder(path, folder)),
      isAt: async (at) => this.#disk.isFolderAt(at, folder),
      close: () => this.#call(null, () => undefined),
    }
  }

  /** It is of a moment between its call and its end: what came later is none of its. */
  async #sync(path: string, sync: () => void): Promise<void> {
    await this.#call(`sync ${path}`, sync, SYNC_MS)
    await this.#call(null, () => undefined, SYNC_MS)
  }

  #call<T>(what: string | null, act: () => T, mostMs = CALL_MS): Promise<T> {
    return this.#process.after(this.#process.timeline.delayMs(mostMs), what, act)
  }
}
