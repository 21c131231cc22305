import { close, fstatSync, open } from 'node:fs'
import { mkdir, rename, rm, rmdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeFolder } from '../../base/make-folder.ts'
import { makePrivate } from '../../base/private-mode.ts'
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
import { FolderSync } from './folder-sync.ts'
import { IncomingFolder } from './incoming-folder.ts'
import { listBlobs } from './list-blobs.ts'
import { writeFile } from './write-file.ts'

const openFile = promisify(open)
const closeFile = promisify(close)

const KNOWN_FOLDERS_MAX = 10_000
const DELETES_AT_ONCE = 16
const RENAME_ATTEMPTS_MAX = 5

/**
 * Blobs as files under a folder, which may be a mount that several hosts share. A blob is written to a file of its own, synced, renamed
 * to its place, and the folder synced; only then does `put` resolve.
 */
export class FileBlobStore implements BlobStore {
  readonly #blobsFolder: string
  readonly #incoming: IncomingFolder
  readonly #folders = new FolderSync()
  readonly #room: DiskRoom
  /** Folders whose own names are on disk. */
  readonly #knownFolders = new Set<string>()
  #isClosed = false

  private constructor(blobsFolder: string, incoming: IncomingFolder) {
    this.#blobsFolder = blobsFolder
    this.#incoming = incoming
    this.#room = new DiskRoom(blobsFolder)
  }

  /** Opens the store in `root`, making it when absent. Throws StoreOpenError, which names the path and the cause. */
  static async open(root: string): Promise<FileBlobStore> {
    try {
      const blobsFolder = join(root, 'blobs')
      makeFolder(blobsFolder, 0o700)
      // A copy that somebody restored may be open to others; what lies below it is closed with it.
      makePrivate(blobsFolder)
      await new FolderSync().sync(root)
      return new FileBlobStore(blobsFolder, await IncomingFolder.open(root))
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
      const sizeBytes = await writeFile(incoming, body, options)
      assertSize(id, options.sizeBytes, sizeBytes)
      options.signal?.throwIfAborted()
      await answering(`put blob ${id}`, () => this.#moveIntoPlace(incoming, blobPath(this.#blobsFolder, id)))
      return { sizeBytes }
    } catch (error) {
      await rm(incoming, { force: true })
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
    return answering(`open blob ${id}`, async () => {
      let descriptor: number
      try {
        descriptor = await openFile(file, 'r')
      } catch (error) {
        if (codeOf(error) === 'ENOENT') throw new BlobNotFound(id, { cause: error })
        throw error
      }
      try {
        // Of a file that was opened just now the system has the size at hand, so that this waits for no disk.
        const sizeBytes = fstatSync(descriptor).size
        return new BlobReader(descriptor, readableRange(id, range, sizeBytes, options), sizeBytes)
      } catch (error) {
        await closeFile(descriptor)
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
    return answering('list blobs', () => listBlobs(this.#blobsFolder, options))
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
        await rename(incoming, path.file)
        await this.#syncName(path)
        return
      } catch (error) {
        // The folder lost its last blob and was removed, by us or another process, after we saw it.
        if (codeOf(error) !== 'ENOENT' || attempt === RENAME_ATTEMPTS_MAX) throw error
        this.#knownFolders.delete(path.folder)
      }
    }
  }

  /** A blob whose name may not outlive a crash was not put: nobody is to find it. */
  async #syncName({ folder, file }: BlobPath): Promise<void> {
    try {
      await this.#folders.sync(folder)
    } catch (error) {
      await rm(file, { force: true })
      throw error
    }
  }

  /** Makes the folders of a blob and syncs their names. */
  async #makeFolder({ outer, folder }: BlobPath): Promise<void> {
    if (this.#knownFolders.has(folder)) return
    for (const path of [outer, folder]) await makeMissing(path)
    try {
      await Promise.all([this.#folders.sync(outer), this.#folders.sync(this.#blobsFolder)])
    } catch (error) {
      // Made anew by the next one, whose sync then says whether that name is on the disk.
      for (const path of [folder, outer]) await rmdir(path).catch(() => undefined)
      throw error
    }
    if (this.#knownFolders.size >= KNOWN_FOLDERS_MAX) this.#knownFolders.clear()
    this.#knownFolders.add(folder)
  }

  // Not synced: a blob that a crash brings back is unreferenced, and swept.
  async #deleteOne(id: BlobId): Promise<void> {
    const { folder, file } = blobPath(this.#blobsFolder, id)
    try {
      await unlink(file)
      await rmdir(folder)
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

/** The folder above must be there: a store whose root was unmounted must not go on in the folder below the mount. */
async function makeMissing(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}
