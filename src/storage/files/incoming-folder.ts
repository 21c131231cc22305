import { DAY_MS } from '../../base/milliseconds.ts'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { FileOwner } from './file-owner.ts'
import type { FileSystem } from './file-system.ts'

const HEARTBEAT_MS = 60_000
/** After so long without a heartbeat, the files of a process on another machine are taken for leftovers. */
const STALE_AFTER_MS = DAY_MS

/**
 * This process's own folder of files that are still being written, `<root>/incoming/<machine>-<pid>-<random>`. Its time of change is
 * a heartbeat, so that other processes and hosts leave it alone.
 */
export class IncomingFolder {
  readonly path: string
  readonly #files: FileSystem
  readonly #heartbeat: NodeJS.Timeout
  #count = 0

  private constructor(files: FileSystem, path: string) {
    this.#files = files
    this.path = path
    this.#heartbeat = setInterval(() => {
      // A missed heartbeat does no harm for a day; the next one comes in a minute.
      files.touch(path).catch(() => undefined)
    }, HEARTBEAT_MS)
    this.#heartbeat.unref()
  }

  /** Removes what dead processes left, then makes this process's own folder. */
  static async open(files: FileSystem, owner: FileOwner, root: string): Promise<IncomingFolder> {
    const parent = join(root, 'incoming')
    await files.makePrivateFolder(parent)
    const machine = await owner.machine()
    const isLeftover = async (name: string): Promise<boolean> => {
      const [machineOfFile, pid] = name.split('-')
      if (machineOfFile === machine) return !owner.isRunning(Number(pid))
      try {
        return Date.now() - (await files.stat(join(parent, name))).mtimeMs > STALE_AFTER_MS
      } catch {
        // Gone meanwhile: its process closed, or another one removed it.
        return false
      }
    }
    for (const name of await files.readdir(parent)) {
      if (await isLeftover(name)) await files.remove(join(parent, name))
    }
    const path = join(parent, `${machine}-${owner.pid}-${randomBytes(6).toString('hex')}`)
    await files.mkdir(path)
    return new IncomingFolder(files, path)
  }

  /** A path for a new file, used by no other. */
  newFile(): string {
    return join(this.path, String(this.#count++))
  }

  async close(): Promise<void> {
    clearInterval(this.#heartbeat)
    await this.#files.remove(this.path)
  }
}
