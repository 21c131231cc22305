import type { FileSystem, OpenFolder } from './file-system.ts'

/** Resolves when what was made in the folder before the call is on the disk. */
export type Sync = () => Promise<void>

/**
 * Makes names in folders and syncs them; calls for one folder that come while it is being synced share the next sync. Each folder is opened before a name is made in it, and held until that is synced: when
 * another process is told that names of the folder could not be written, the system then tells this one as well, whose names may be among them (docs/decisions/simulation.md).
 */
export class FolderSync {
  readonly #files: FileSystem
  readonly #held = new Map<string, HeldFolder>()

  constructor(files: FileSystem) {
    this.#files = files
  }

  /** Does `make`, which makes names in the folder and calls `sync` then. Rejects as it does, and with ENOENT where the folder is not there. */
  async whileHeld<T>(path: string, make: (sync: Sync) => Promise<T>): Promise<T> {
    const held = this.#held.get(path) ?? new HeldFolder(this.#files.openFolder(path))
    this.#held.set(path, held)
    held.holders++
    try {
      await held.opening
      return await make(() => this.#sync(path, held))
    } finally {
      held.holders--
      if (held.holders === 0 || !held.isOpen) this.#forget(path, held)
      if (held.holders === 0) await held.close()
    }
  }

  async #sync(path: string, held: HeldFolder): Promise<void> {
    try {
      await held.sync()
      if (await held.isAt(path)) return
      // It lost its last name and was removed while somebody held it, and this name was made in another that was made there since.
      this.#forget(path, held)
      await this.#files.syncFolder(path)
    } catch (error) {
      // Who comes from now on opens it anew.
      this.#forget(path, held)
      throw error
    }
  }

  #forget(path: string, held: HeldFolder): void {
    if (this.#held.get(path) === held) this.#held.delete(path)
  }
}

class HeldFolder {
  readonly opening: Promise<OpenFolder>
  holders = 0
  isOpen = true
  #running: Promise<void> | null = null
  #next: Promise<void> | null = null
  #failure: { readonly error: unknown } | null = null

  constructor(opening: Promise<OpenFolder>) {
    this.opening = opening
    opening.catch(() => (this.isOpen = false))
  }

  /** Once one failed all others do: what they made may be what the system gave up, and it tells that once. */
  async sync(): Promise<void> {
    if (this.#failure) throw this.#failure.error
    if (!this.#running) return await this.#start()
    // The running sync may have read the folder before our rename: only the next one is sure to have seen it.
    this.#next ??= this.#running.then(() => {
      this.#next = null
      return this.#start()
    })
    return await this.#next
  }

  async isAt(path: string): Promise<boolean> {
    return await (await this.opening).isAt(path)
  }

  /** Never rejects: what was made is synced, or nobody counts on it. */
  async close(): Promise<void> {
    await this.opening.then((folder) => folder.close()).catch(() => undefined)
  }

  async #start(): Promise<void> {
    const running = this.opening.then((folder) => folder.sync())
    this.#running = running
    try {
      await running
    } catch (error) {
      this.#failure ??= { error }
      throw error
    } finally {
      if (this.#running === running) this.#running = null
    }
  }
}
