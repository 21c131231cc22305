import type { FileSystem } from './file-system.ts'

interface Syncing {
  readonly running: Promise<void>
  next: Promise<void> | null
}

/** Syncs folders to disk; calls for one folder that come while it is being synced share the next sync. */
export class FolderSync {
  readonly #files: FileSystem
  readonly #syncing = new Map<string, Syncing>()

  constructor(files: FileSystem) {
    this.#files = files
  }

  /** Resolves when every name that was in the folder at the time of the call is on disk. */
  sync(folder: string): Promise<void> {
    const current = this.#syncing.get(folder)
    if (!current) return this.#start(folder)
    // The running sync may have read the folder before our rename: only the next one is sure to have seen it. When the running one fails, the system may
    // have given up what it was to write, and tell so nobody again: then those who wait have failed too.
    current.next ??= current.running.then(() => this.#start(folder))
    return current.next
  }

  #start(folder: string): Promise<void> {
    const leave = (isFailed: boolean): void => {
      if (this.#syncing.get(folder) === entry && (isFailed || !entry.next)) this.#syncing.delete(folder)
    }
    const running = this.#files.syncFolder(folder).then(
      () => leave(false),
      (error: unknown) => {
        leave(true)
        throw error
      },
    )
    const entry: Syncing = { running, next: null }
    this.#syncing.set(folder, entry)
    return running
  }
}
