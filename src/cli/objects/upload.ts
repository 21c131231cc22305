import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { Upload } from '@aws-sdk/lib-storage'
import type { ObjectPlace } from './place.ts'
import { partSizeOf, PARTS_AT_ONCE } from './transfer.ts'
import type { TransferContext } from './transfer.ts'

/** What an upload sends. Of a stream, as of a pipe, the size is what the user expects, if anything. */
export type UploadSource =
  | { readonly kind: 'file'; readonly path: string; readonly sizeBytes: number }
  | { readonly kind: 'stream'; readonly stream: Readable; readonly expectedBytes: number | undefined }

/** What a path leads to that has no size of its own: a pipe, a device. The library takes the size of a file's stream for that of its content. */
export const streamOf = (path: string): Readable =>
  Readable.from(createReadStream(path), { objectMode: false })

/** Uploads a body, in parts where it is large. An upload that fails or is aborted leaves no parts. */
export async function upload(
  { client, signal, progress }: TransferContext,
  source: UploadSource,
  { target, contentType }: { readonly target: ObjectPlace; readonly contentType: string | undefined },
): Promise<void> {
  const body = source.kind === 'file' ? createReadStream(source.path) : source.stream
  const sizeBytes = source.kind === 'file' ? source.sizeBytes : (source.expectedBytes ?? 0)
  const task = new Upload({
    client,
    params: {
      Bucket: target.bucketName,
      Key: target.key,
      Body: body,
      ...(contentType === undefined ? {} : { ContentType: contentType }),
    },
    partSize: partSizeOf(sizeBytes),
    queueSize: PARTS_AT_ONCE,
  })
  let loaded = 0
  task.on('httpUploadProgress', (event) => {
    progress.advance((event.loaded ?? loaded) - loaded)
    loaded = event.loaded ?? loaded
  })
  // Ends the reading; what is sent meanwhile is ended by the client (abortable-client.ts).
  const stopReading = (): void => void body.destroy()
  signal.addEventListener('abort', stopReading, { once: true })
  try {
    await task.done()
  } catch (error) {
    progress.advance(-loaded)
    throw error
  } finally {
    signal.removeEventListener('abort', stopReading)
    body.destroy()
  }
}
