import { ApiError } from '../api/api-error.ts'
import { sendS3 } from '../api/s3/request.ts'
import {
  completeUpload,
  createUpload,
  listParts,
  listUploads,
  uploadPart,
  type StoredPart,
} from '../api/s3/uploads.ts'
import type { Sender } from '../api/send.ts'
import { base64 } from '../signing/bytes.ts'
import { sha256 } from '../signing/hashing.ts'
import { contentTypeOf } from './content-types.ts'
import { partCount, partRange, partSizeOf, partSizeOfStored, WHOLE_BYTES_MAX } from './part-sizes.ts'
import type { Patience } from './patience.ts'
import type { RequestSlots } from './request-slots.ts'
import type { PartsOfUpload, UploadItem } from './upload-item.ts'

/** What all uploads share. */
export interface Sending {
  readonly sender: Sender
  readonly slots: RequestSlots
  readonly patience: Patience
  /** Told of bytes that the server has confirmed; those of a part that was there already, too. */
  readonly onAcknowledged: (item: UploadItem, bytes: number, isSent: boolean) => void
}

/** There is an object of this key, and nobody said that it may be replaced. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError'
}

/** Parts of one file that are on their way at once. */
const PARTS_AT_ONCE = 4

/** Uploads a file, whole or in parts, and waits for a server that goes away. Throws ConflictError, ApiError for refusals, DOMException when the file cannot be read or it is given up. */
export async function sendFile(item: UploadItem, sending: Sending, signal: AbortSignal): Promise<void> {
  if (item.file.size <= WHOLE_BYTES_MAX) await sendWhole(item, sending, signal)
  else await sendParts(item, sending, signal)
}

async function sendWhole(item: UploadItem, sending: Sending, signal: AbortSignal): Promise<void> {
  const { sender, slots, patience } = sending
  const { file, bucket, region, key, mayReplace } = item
  await slots.with(async () => {
    const { bytes, checksum } = await readSlice(file, 0, file.size)
    try {
      await patience.insist(
        () =>
          sendS3(sender, {
            method: 'PUT',
            bucket,
            region,
            key,
            headers: {
              'content-type': contentTypeOf(file),
              'x-amz-checksum-sha256': checksum,
              ...(!mayReplace && { 'if-none-match': '*' }),
            },
            body: bytes,
            signal,
          }),
        signal,
      )
    } catch (error) {
      await passWhenStored(error, item, checksum, sending, signal)
    }
  })
  sending.onAcknowledged(item, file.size, true)
}

async function sendParts(item: UploadItem, sending: Sending, signal: AbortSignal): Promise<void> {
  const { sender, slots, patience, onAcknowledged } = sending
  const { file } = item
  if (!item.mayReplace && (await isThere(item, sending, signal))) throw new ConflictError()
  item.parts ??= (await findStored(item, sending, signal)) ?? (await begin(item, sending, signal))
  const { uploadId, partSize, stored } = item.parts
  const upload = { ...addressOf(item), uploadId }
  const missing: number[] = []
  for (let number = partCount(file.size, partSize); number >= 1; number--)
    if (!stored.has(number)) missing.push(number)
  const work = async (): Promise<void> => {
    for (let number = missing.pop(); number !== undefined; number = missing.pop()) {
      const [start, end] = partRange(number, partSize, file.size)
      const part = await slots.with(async () => {
        const read = await readSlice(file, start, end)
        return await patience.insist(() => uploadPart(sender, upload, { number, ...read }, signal), signal)
      })
      stored.set(part.number, part)
      onAcknowledged(item, end - start, true)
    }
  }
  await Promise.all(Array.from({ length: PARTS_AT_ONCE }, work))
  const parts = [...stored.values()].sort((a, b) => a.number - b.number)
  try {
    await patience.insist(
      () => completeUpload(sender, upload, { parts, isNew: !item.mayReplace }, signal),
      signal,
    )
  } catch (error) {
    await passWhenStored(error, item, await checksumOfParts(parts), sending, signal)
  }
}

/** Whether there is an object of the key. Who may not look finds out at the end. */
async function isThere(
  item: UploadItem,
  { sender, patience }: Sending,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await patience.insist(() => sendS3(sender, { method: 'HEAD', ...addressOf(item), signal }), signal)
    return true
  } catch (error) {
    if (error instanceof ApiError && (error.isMissing || error.isDenied)) return false
    throw error
  }
}

/** A refusal because of what is there is none when that is what was sent: an answer may have been lost on its way. Throws ConflictError, or what was thrown. */
async function passWhenStored(
  error: unknown,
  item: UploadItem,
  checksum: string,
  { sender, patience }: Sending,
  signal: AbortSignal,
): Promise<void> {
  if (!(error instanceof ApiError) || error.code !== 'PreconditionFailed') throw error
  try {
    const headers = { 'x-amz-checksum-mode': 'ENABLED' }
    const { headers: found } = await patience.insist(
      () => sendS3(sender, { method: 'HEAD', ...addressOf(item), headers, signal }),
      signal,
    )
    if (found.get('x-amz-checksum-sha256') === checksum) return
  } catch (lookError) {
    if (!(lookError instanceof ApiError)) throw lookError
  }
  throw new ConflictError()
}

async function begin(
  item: UploadItem,
  { sender, patience }: Sending,
  signal: AbortSignal,
): Promise<PartsOfUpload> {
  const headers = { 'content-type': contentTypeOf(item.file) }
  const uploadId = await patience.insist(() => createUpload(sender, addressOf(item), headers, signal), signal)
  return { uploadId, partSize: partSizeOf(item.file.size), stored: new Map() }
}

/** An upload of the key that was begun before, with the parts that are those of this very file; null when there is none. */
async function findStored(
  item: UploadItem,
  sending: Sending,
  signal: AbortSignal,
): Promise<PartsOfUpload | null> {
  const { sender, patience, onAcknowledged } = sending
  const { file, key } = item
  try {
    const uploads = await patience.insist(() => listUploads(sender, item, key, signal), signal)
    const mine = uploads.filter((upload) => upload.key === key).sort((a, b) => b.startedAt - a.startedAt)
    for (const { uploadId } of mine) {
      const parts = await patience.insist(
        () => listParts(sender, { ...addressOf(item), uploadId }, signal),
        signal,
      )
      const partSize = partSizeOfStored(parts, file.size)
      if (partSize === null || parts.length === 0) continue
      const stored = await thoseOf(file, parts, partSize, signal)
      if (!stored) continue
      for (const { size } of stored.values()) onAcknowledged(item, size, false)
      return { uploadId, partSize, stored }
    }
  } catch (error) {
    // Who may not list begins anew.
    if (!(error instanceof ApiError && (error.isDenied || error.isMissing))) throw error
  }
  return null
}

/** The parts, if each has the checksum of its place in the file. */
async function thoseOf(
  file: File,
  parts: readonly StoredPart[],
  partSize: number,
  signal: AbortSignal,
): Promise<Map<number, StoredPart> | null> {
  const stored = new Map<number, StoredPart>()
  for (const part of parts) {
    signal.throwIfAborted()
    const { checksum } = await readSlice(file, ...partRange(part.number, partSize, file.size))
    if (checksum !== part.checksum) return null
    stored.set(part.number, part)
  }
  return stored
}

/** A piece of a file in memory, so that what is sent is what the checksum is of. */
async function readSlice(
  file: File,
  start: number,
  end: number,
): Promise<{ readonly bytes: Blob; readonly checksum: string }> {
  const bytes = new Uint8Array(await file.slice(start, end).arrayBuffer())
  return { bytes: new Blob([bytes]), checksum: base64(await sha256(bytes)) }
}

/** The checksum that an object in parts has: that of the checksums of its parts. */
async function checksumOfParts(parts: readonly StoredPart[]): Promise<string> {
  const texts = parts.map(({ checksum }) => atob(checksum ?? '')).join('')
  const bytes = Uint8Array.from(texts, (character) => character.charCodeAt(0))
  return `${base64(await sha256(bytes))}-${parts.length}`
}

const addressOf = ({ bucket, region, key }: UploadItem): Pick<UploadItem, 'bucket' | 'region' | 'key'> => ({
  bucket,
  region,
  key,
})
