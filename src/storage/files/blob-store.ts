import { join } from 'node:path'
import { assertBlobId, assertSize, readableRange } from '../blob-id.ts'
import {
  BlobNotFound,
  type BlobEntry,
  type BlobId,
  type BlobStore,
  type BlobStream,
  type ByteRange,
  type GetBlobOptions,
  type PutBlobOptions,
} from '../blob-store.ts'
import { StoreFull, StoreUnavailable } from '../metadata-store.ts'
import { StoreOpenError } from '../store-open-error.ts'
import { DiskRoom } from './disk-room.ts'
import { blobPath, type BlobPath } from './blob-path.ts'
import { BlobReader } from './blob-reader.ts'
import { answering, codeOf } from './failures.ts'
import { thisProcess, type FileOwner } from './file-owner.ts'
import { systemFiles, type FileSystem, type OpenFile } from './file-system.ts'
import { FolderSync, type Sync } from './folder-sync.ts'
import { IncomingFolder } from './incoming-folder.ts'
import { listBlobs } from './list-blobs.ts'
import { writeFile } from './write-file.ts'

const KNOWN_FOLDERS_MAX = 10_000
const DELETES_AT_ONCE = 16
const RENAME_ATTEMPTS_MAX = 5

/**
 * Blobs as files under a folder, which may be a mount that several hosts share. A blob is written to a file of its own, synced, renamed
 * to its place, and the folder synced; only then does `put` resolve.
 */
export class FileBlobStore implements BlobStore {
  readonly #files: FileSystem
  readonly #blobsFolder: string
  readonly #incoming: IncomingFolder
  readonly #folders: FolderSync
  readonly #room: DiskRoom
  /** Folders whose own names are on disk. */
  readonly #knownFolders = new Set<string>()
  #isClosed = false

  private constructor(files: FileSystem, blobsFolder: string, incoming: IncomingFolder) {
    this.#files = files
    this.#blobsFolder = blobsFolder
    this.#incoming = incoming
    this.#folders = new FolderSync(files)
    this.#room = new DiskRoom(files, blobsFolder)
  }

  /**
   * Opens the store in `root`, making it when absent. `files`, `owner`: another file system, and who writes there. Throws StoreOpenError, which names the path and the
   * cause.
   */
  static async open(
    root: string,
    {
      files = systemFiles,
      owner = thisProcess,
    }: { readonly files?: FileSystem; readonly owner?: FileOwner } = {},
  ): Promise<FileBlobStore> {
    try {
      const blobsFolder = join(root, 'blobs')
      await files.makePrivateFolder(blobsFolder)
      await files.syncFolder(root)
      return new FileBlobStore(files, blobsFolder, await IncomingFolder.open(files, owner, root))
    } catch (error) {
      throw new StoreOpenError(root, error instanceof Error ? error.message : String(error), { cause: error })
    }
  }

  async put(
    id: BlobId,
    body: AsyncIterable<Uint8Array>,
    options: PutBlobOptions = {},
  ): Promise<{ sizeBytes: number }> {
    this.#assertOpen()
    assertBlobId(id)
    await this.#room.assertFor(options.sizeBytes ?? 0)
    const incoming = this.#incoming.newFile()
    try {
      const sizeBytes = await writeFile(this.#files, incoming, body, options)
      assertSize(id, options.sizeBytes, sizeBytes)
      options.signal?.throwIfAborted()
      await answering(`put blob ${id}`, () => this.#moveIntoPlace(incoming, blobPath(this.#blobsFolder, id)))
      return { sizeBytes }
    } catch (error) {
      await this.#tryRemove(incoming)
      throw error instanceof StoreFull ? await this.#room.lacks(options.sizeBytes ?? 0, error) : error
    }
  }

  refusal(): StoreUnavailable | null {
    return this.#room.refusal
  }

  async get(id: BlobId, range?: ByteRange, options?: GetBlobOptions): Promise<BlobStream> {
    this.#assertOpen()
    assertBlobId(id)
    const { file } = blobPath(this.#blobsFolder, id)
    return await answering(`open blob ${id}`, async () => {
      let opened: OpenFile
      try {
        opened = await this.#files.openForReading(file)
      } catch (error) {
        if (codeOf(error) === 'ENOENT') throw new BlobNotFound(id, { cause: error })
        throw error
      }
      try {
        return new BlobReader(opened, readableRange(id, range, opened.sizeBytes, options))
      } catch (error) {
        await new Promise<void>((resolve) => opened.close(() => resolve()))
        throw error
      }
    })
  }

  async delete(ids: readonly BlobId[]): Promise<void> {
    this.#assertOpen()
    for (const id of ids) assertBlobId(id)
    for (let at = 0; at < ids.length; at += DELETES_AT_ONCE) {
      const deleting = ids.slice(at, at + DELETES_AT_ONCE).map((id) => this.#deleteOne(id))
      await answering('delete blobs', () => Promise.all(deleting))
    }
  }

  async list(options: { prefix?: string; after?: BlobId; limit: number }): Promise<BlobEntry[]> {
    this.#assertOpen()
    return await answering('list blobs', () => listBlobs(this.#files, this.#blobsFolder, options))
  }

  placeOf(id: BlobId): string {
    return blobPath(this.#blobsFolder, id).file
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#incoming.close()
  }

  async #moveIntoPlace(incoming: string, path: BlobPath): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.#makeFolder(path)
      try {
        await this.#folders.whileHeld(path.folder, async (sync) => {
          await this.#files.rename(incoming, path.file)
          await this.#syncName(path, sync)
        })
        return
      } catch (error) {
        // The folder lost its last blob and was removed, by us or another process, after we saw it.
        if (codeOf(error) !== 'ENOENT' || attempt === RENAME_ATTEMPTS_MAX) throw error
        this.#knownFolders.delete(path.folder)
      }
    }
  }

  /** A blob whose name may not outlive a crash was not put: nobody is to find it. */
  async #syncName({ file }: BlobPath, sync: Sync): Promise<void> {
    try {
      await sync()
    } catch (error) {
      await this.#tryRemove(file)
      throw error
    }
  }

  /** What a disk that fails does not let go of goes with the process's folder, or in a sweep; the failure that matters is another one. */
  async #tryRemove(file: string): Promise<void> {
    await this.#files.remove(file).catch(() => undefined)
  }

  /** Makes the folders of a blob and syncs their names. */
  async #makeFolder({ outer, folder }: BlobPath): Promise<void> {
    if (this.#knownFolders.has(folder)) return
    await this.#folders.whileHeld(this.#blobsFolder, async (syncAbove) => {
      await this.#makeMissing(outer)
      await this.#folders.whileHeld(outer, async (sync) => {
        await this.#makeMissing(folder)
        const synced = await Promise.allSettled([sync(), syncAbove()])
        for (const each of synced)
          if (each.status === 'rejected') await this.#unmake([folder, outer], each.reason)
      })
    })
    if (this.#knownFolders.size >= KNOWN_FOLDERS_MAX) this.#knownFolders.clear()
    this.#knownFolders.add(folder)
  }

  /** Made anew by the next one, whose sync then says whether that name is on the disk. Throws `reason`. */
  async #unmake(folders: readonly string[], reason: unknown): Promise<never> {
    for (const path of folders) await this.#files.rmdir(path).catch(() => undefined)
    throw reason
  }

  /** The folder above must be there: a store whose root was unmounted must not go on in the folder below the mount. */
  async #makeMissing(folder: string): Promise<void> {
    try {
      await this.#files.mkdir(folder)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
  }

  // Not synced: a blob that a crash brings back is unreferenced, and swept.
  async #deleteOne(id: BlobId): Promise<void> {
    const { folder, file } = blobPath(this.#blobsFolder, id)
    try {
      await this.#files.unlink(file)
      await this.#files.rmdir(folder)
      this.#knownFolders.delete(folder)
    } catch (error) {
      const code = codeOf(error)
      if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
    }
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new StoreUnavailable('the blob store is closed')
  }
}
