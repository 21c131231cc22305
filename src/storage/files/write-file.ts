import { bodyBuffers } from '../../base/buffer-pool.ts'
import { gatheredPieces } from '../../base/gathered-pieces.ts'
import { abortableBody } from '../abortable-body.ts'
import type { PutBlobOptions } from '../blob-store.ts'
import { answering } from './failures.ts'
import type { FileSystem } from './file-system.ts'
import type { NewFile } from './new-file.ts'

/**
 * Each time so much more is written, it begins to be synced while the rest still comes, so that little is left to wait for at the end.
 */
const SYNC_BYTES = 16 * 1024 * 1024

/**
 * Writes and syncs a new file; errors of the body pass as they are. Bytes are written by large pieces, since each call wakes a thread: one
 * while the next one comes.
 */
export async function writeFile(
  files: FileSystem,
  path: string,
  body: AsyncIterable<Uint8Array>,
  { signal, sizeBytes }: PutBlobOptions,
): Promise<number> {
  signal?.throwIfAborted()
  const file = await answering('create a file', () => files.create(path, sizeBytes))
  let writtenBytes = 0
  let writing: Promise<void> | null = null
  let syncing: Promise<void> | null = null
  let syncedBytes = 0
  try {
    for await (const piece of gatheredPieces(abortableBody(body, signal))) {
      await writing
      writing = writeWhole(file, piece)
      // Its failure is seen where it is awaited; until then it must not count as unhandled.
      writing.catch(() => undefined)
      writtenBytes += piece.byteLength
      if (!file.isBuffered || writtenBytes - syncedBytes < SYNC_BYTES) continue
      await syncing
      syncedBytes = writtenBytes
      syncing = sync(file)
      syncing.catch(() => undefined)
    }
    await writing
    await syncing
    await sync(file)
    return writtenBytes
  } finally {
    await writing?.catch(() => undefined)
    await syncing?.catch(() => undefined)
    await answering('close', () => file.close())
  }
}

const sync = (file: NewFile): Promise<void> => answering('sync', () => file.datasync())

/** The bytes are given back. */
function writeWhole(file: NewFile, bytes: Uint8Array): Promise<void> {
  return answering('write', async () => {
    for (let at = 0; at < bytes.byteLength;) at += await file.write(bytes, at)
    bodyBuffers.giveBack(bytes)
  })
}
