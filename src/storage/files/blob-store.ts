import { mkdir, open, rename, rm, rmdir, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { abortableBody } from '../abortable-body.ts'
import { assertBlobId, assertByteRange, assertSize } from '../blob-id.ts'
import {
  BlobNotFound,
  type BlobEntry,
  type BlobId,
  type BlobStore,
  type ByteRange,
  type PutBlobOptions,
} from '../blob-store.ts'
import { StoreUnavailable } from '../metadata-store.ts'
import { StoreOpenError } from '../store-open-error.ts'
import { blobPath, type BlobPath } from './blob-path.ts'
import { FolderSync } from './folder-sync.ts'
import { IncomingFolder } from './incoming-folder.ts'
import { listBlobs } from './list-blobs.ts'

/** Bytes of one read: few enough to keep memory small with many readers, many enough to make few calls. */
const READ_BYTES = 256 * 1024
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
  /** Folders whose own names are on disk. */
  readonly #knownFolders = new Set<string>()
  #isClosed = false

  private constructor(blobsFolder: string, incoming: IncomingFolder) {
    this.#blobsFolder = blobsFolder
    this.#incoming = incoming
  }

  /** Opens the store in `root`, making it when absent. Throws StoreOpenError, which names the path and the cause. */
  static async open(root: string): Promise<FileBlobStore> {
    try {
      const blobsFolder = join(root, 'blobs')
      await mkdir(blobsFolder, { recursive: true, mode: 0o700 })
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
    const incoming = this.#incoming.newFile()
    try {
      const sizeBytes = await writeFile(incoming, body, options)
      assertSize(id, options.sizeBytes, sizeBytes)
      options.signal?.throwIfAborted()
      await answering(`put blob ${id}`, () => this.#moveIntoPlace(incoming, blobPath(this.#blobsFolder, id)))
      return { sizeBytes }
    } catch (error) {
      await rm(incoming, { force: true })
      throw error
    }
  }

  async get(id: BlobId, range?: ByteRange): Promise<Readable> {
    this.#assertOpen()
    assertBlobId(id)
    const { file } = blobPath(this.#blobsFolder, id)
    const handle = await answering(`open blob ${id}`, async () => {
      try {
        return await open(file, 'r')
      } catch (error) {
        if (codeOf(error) === 'ENOENT') throw new BlobNotFound(id, { cause: error })
        throw error
      }
    })
    try {
      if (range) assertByteRange(id, range, (await handle.stat()).size)
    } catch (error) {
      await handle.close()
      throw error
    }
    return handle.createReadStream({ ...range, highWaterMark: READ_BYTES })
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
        await this.#folders.sync(path.folder)
        return
      } catch (error) {
        // The folder lost its last blob and was removed, by us or another process, after we saw it.
        if (codeOf(error) !== 'ENOENT' || attempt === RENAME_ATTEMPTS_MAX) throw error
        this.#knownFolders.delete(path.folder)
      }
    }
  }

  /** Makes the folders of a blob and syncs their names. */
  async #makeFolder({ outer, folder }: BlobPath): Promise<void> {
    if (this.#knownFolders.has(folder)) return
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await Promise.all([this.#folders.sync(outer), this.#folders.sync(this.#blobsFolder)])
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

/** Writes and syncs a new file; errors of the body pass as they are. */
async function writeFile(
  path: string,
  body: AsyncIterable<Uint8Array>,
  { signal }: PutBlobOptions,
): Promise<number> {
  signal?.throwIfAborted()
  const handle = await answering('create a file', () => open(path, 'wx', 0o600))
  try {
    let sizeBytes = 0
    for await (const chunk of abortableBody(body, signal)) {
      await answering('write', () => writeWhole(handle, chunk))
      sizeBytes += chunk.byteLength
    }
    await answering('sync', () => handle.datasync())
    return sizeBytes
  } finally {
    await handle.close()
  }
}

async function writeWhole(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.byteLength;) at += (await handle.write(chunk, at)).bytesWritten
}

/** Errors of the file system become StoreUnavailable. */
async function answering<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const code = codeOf(error)
    if (code === null) throw error
    throw new StoreUnavailable(`the blob store could not ${what}: ${code}`, { cause: error })
  }
}

/** The system's code of an error (`ENOSPC`), or null when it is not one of the system's. */
function codeOf(error: unknown): string | null {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null
}
