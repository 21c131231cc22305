import { downloadZip } from 'client-zip'
import { isReachableKey, sendS3 } from '../../api/s3/request.ts'
import type { BucketAddress } from '../../api/s3/list-objects.ts'
import type { Sender } from '../../api/send.ts'
import { saveBlob } from '../../parts/copying.tsx'
import { eachObject } from './each-object.ts'
import type { ObjectRow } from './rows.ts'

/** Without a way to write to the disk as it comes, browsers keep the whole ZIP: in memory, or in a place of their own on the disk. */
export const KEPT_BYTES_MAX = 1024 ** 3

interface Writable {
  readonly createWritable: () => Promise<WritableStream<Uint8Array> & { readonly abort: () => Promise<void> }>
}
type SavePicker = (options: { readonly suggestedName: string }) => Promise<Writable>

const savePicker = (): SavePicker | undefined =>
  (window as { readonly showSaveFilePicker?: SavePicker }).showSaveFilePicker

/** Whether this browser writes files as they come: Chromium over https or on localhost. */
export const canStreamToDisk = (): boolean => savePicker() !== undefined

/** What is to be in a ZIP, and who is told of its progress. */
export interface ZipOrder {
  readonly address: BucketAddress
  readonly rows: readonly ObjectRow[]
  /** The folder that the names in the ZIP begin below. */
  readonly prefix: string
  readonly fileName: string
  readonly onProgress: (objects: number, bytes: number) => void
  readonly onLeftOut: (key: string) => void
  readonly signal: AbortSignal
}

/**
 * Downloads objects as one ZIP, not compressed, an object after the other as they come from the server. Throws ApiError, and DOMException when it is given up
 * or the disk is full.
 */
export async function saveZip(sender: Sender, order: ZipOrder): Promise<void> {
  const { fileName, signal } = order
  const picker = savePicker()
  // The browser asks for the file only right after a press: before anything else.
  const file = picker && (await (await picker.call(window, { suggestedName: fileName })).createWritable())
  const zip = downloadZip(entriesOf(sender, order), { buffersAreUTF8: true })
  if (!zip.body) throw new TypeError('the browser has no streams')
  if (file) {
    await zip.body.pipeTo(file, { signal })
    return
  }
  saveBlob(await zip.blob(), fileName)
}

async function* entriesOf(
  sender: Sender,
  { address, rows, prefix, onProgress, onLeftOut, signal }: ZipOrder,
) {
  let objects = 0
  let bytes = 0
  for await (const page of eachObject(sender, address, rows, signal))
    for (const { key, modifiedAt } of page) {
      signal.throwIfAborted()
      if (key.endsWith('/')) continue
      if (!isReachableKey(key)) {
        onLeftOut(key)
        continue
      }
      const response = await sendS3(sender, { method: 'GET', ...address, key, signal })
      const counted = response.body?.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform(chunk, controller) {
            bytes += chunk.length
            onProgress(objects, bytes)
            controller.enqueue(chunk)
          },
        }),
      )
      yield {
        name: nameInZip(key.slice(prefix.length)),
        lastModified: new Date(modifiedAt),
        input: counted ?? '',
      }
      objects++
      onProgress(objects, bytes)
    }
}

/** A name that cannot lead out of the folder into which it is unpacked. */
const nameInZip = (name: string): string =>
  name
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .map((part) => part.replace(/[\p{Cc}\\:*?"<>|]/gu, '_'))
    .join('/') || '_'
