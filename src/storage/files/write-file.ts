import { open, type FileHandle } from 'node:fs/promises'
import { abortableBody } from '../abortable-body.ts'
import type { PutBlobOptions } from '../blob-store.ts'
import { answering } from './failures.ts'

/**
 * Pieces are gathered in a buffer of this size and written with one call. Each call wakes a thread, which costs more than to copy the
 * 64 KiB that a socket gives; a larger buffer gains nothing more. While one buffer is being written the next is filled: a body holds two.
 */
const WRITE_BYTES = 128 * 1024

/**
 * Each time so much more is written, it begins to be synced while the rest still comes, so that little is left to wait for at the end.
 */
const SYNC_BYTES = 16 * 1024 * 1024

/** Writes and syncs a new file; errors of the body pass as they are. The body may use its own buffers again once it is asked for more. */
export async function writeFile(
  path: string,
  body: AsyncIterable<Uint8Array>,
  { signal, sizeBytes = Infinity }: PutBlobOptions,
): Promise<number> {
  signal?.throwIfAborted()
  const handle = await answering('create a file', () => open(path, 'wx', 0o600))
  const bufferBytes = Math.max(1, Math.min(WRITE_BYTES, sizeBytes))
  let filling: Buffer = Buffer.allocUnsafeSlow(bufferBytes)
  let other: Buffer | null = null
  let filledBytes = 0
  let writtenBytes = 0
  let writing: Promise<void> | null = null
  let syncing: Promise<void> | null = null
  let syncedBytes = 0
  try {
    for await (const piece of abortableBody(body, signal)) {
      for (let at = 0; at < piece.byteLength;) {
        const copiedBytes = Math.min(piece.byteLength - at, bufferBytes - filledBytes)
        filling.set(piece.subarray(at, at + copiedBytes), filledBytes)
        at += copiedBytes
        filledBytes += copiedBytes
        if (filledBytes < bufferBytes) continue
        await writing
        writing = writeWhole(handle, filling)
        // Its failure is seen where it is awaited; until then it must not count as unhandled.
        writing.catch(() => undefined)
        writtenBytes += filledBytes
        filledBytes = 0
        if (writtenBytes - syncedBytes >= SYNC_BYTES) {
          await syncing
          syncedBytes = writtenBytes
          syncing = sync(handle)
          syncing.catch(() => undefined)
        }
        ;[filling, other] = [other ?? Buffer.allocUnsafeSlow(bufferBytes), filling]
      }
    }
    await writing
    if (filledBytes > 0) await writeWhole(handle, filling.subarray(0, filledBytes))
    await syncing
    await sync(handle)
    return writtenBytes + filledBytes
  } finally {
    await writing?.catch(() => undefined)
    await syncing?.catch(() => undefined)
    await handle.close()
  }
}

const sync = (handle: FileHandle): Promise<void> => answering('sync', () => handle.datasync())

function writeWhole(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  return answering('write', async () => {
    for (let at = 0; at < bytes.byteLength;) at += (await handle.write(bytes, at)).bytesWritten
  })
}
