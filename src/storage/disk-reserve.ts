import { execFile } from 'node:child_process'
import { open, rm, stat, statfs, truncate } from 'node:fs/promises'
import { join } from 'node:path'

const FILE_NAME = 'reserve'
/** How much of the reserve is given up at a time: others may be faster to use it than whom it is for. */
const STEP_BYTES = 4 * 1024 * 1024
const PIECE_BYTES = 1024 * 1024
/** Room that stays besides, so that the reserve does not itself fill the disk. */
const MARGIN_BYTES = 1024 * 1024
/** A small file system keeps no larger part of itself than one in so many. */
const SHARE = 16

/**
 * Room on a disk that is kept for deletions: a file that is cut shorter when a disk is full and something has to be removed, and made whole when there is
 * room again. Processes that share the folder share the file: its size tells each of them how much is left.
 */
export class DiskReserve {
  readonly #folder: string
  readonly #path: string
  readonly #bytes: number

  /** `bytes`: 0 for none. Nothing is made yet. */
  constructor(folder: string, bytes: number) {
    this.#folder = folder
    this.#path = join(folder, FILE_NAME)
    this.#bytes = bytes
  }

  /** How much of the reserve is not there. Throws the system's error. */
  async missingBytes(): Promise<number> {
    return Math.max(0, (await this.#wantedBytes()) - (await this.#keptBytes()))
  }

  /** What others than root may still write here. Throws the system's error. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#folder)
    return bavail * bsize
  }

  /** Gives up a part for what is about to be removed; false when nothing is left. */
  async giveUpSome(): Promise<boolean> {
    const kept = await this.#keptBytes()
    if (kept === 0) return false
    try {
      await truncate(this.#path, Math.max(0, kept - STEP_BYTES))
    } catch {
      // What a disk cannot cut shorter it may still be able to remove.
      await rm(this.#path, { force: true })
    }
    return true
  }

  /** Makes the reserve whole where there is room for it, and says whether it is. Throws the system's error. */
  async restore(): Promise<boolean> {
    const missing = await this.missingBytes()
    if (missing === 0) return true
    if ((await this.freeBytes()) < missing + MARGIN_BYTES) return false
    return await this.#grow(await this.#keptBytes(), await this.#wantedBytes())
  }

  async #wantedBytes(): Promise<number> {
    if (this.#bytes === 0) return 0
    const { blocks, bsize } = await statfs(this.#folder)
    return Math.min(this.#bytes, Math.floor((blocks * bsize) / SHARE))
  }

  async #keptBytes(): Promise<number> {
    try {
      const { size, blocks } = await stat(this.#path)
      // A file with holes keeps no room.
      return Math.min(size, blocks * 512)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
      throw error
    }
  }

  async #grow(from: number, to: number): Promise<boolean> {
    const file = await open(this.#path, 'a', 0o600)
    try {
      if (await allocate(this.#path, to)) return true
      // Not zeros: some file systems make holes of them.
      const piece = Buffer.alloc(PIECE_BYTES, 'reserve')
      for (let at = from; at < to; at += PIECE_BYTES)
        await file.write(piece, 0, Math.min(PIECE_BYTES, to - at))
      await file.datasync()
      return true
    } catch {
      return false
    } finally {
      await file.close()
    }
  }
}

/** Has the file system set the room aside, which takes no time; false where it cannot, or the system has no such command. */
function allocate(path: string, bytes: number): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('fallocate', ['-l', String(bytes), path], { env: {} }, (error) => resolve(!error))
  })
}
