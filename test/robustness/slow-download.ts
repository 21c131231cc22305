import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3'

const PART_BYTES = 6 * 1024 * 1024

/** Stores an object of `partCount` parts, each in a blob of its own; gives its bytes. */
export async function putParts(
  s3: S3Client,
  Bucket: string,
  Key: string,
  partCount: number,
): Promise<Buffer> {
  const place = { Bucket, Key }
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place))
  const parts = Array.from({ length: partCount }, () => randomBytes(PART_BYTES))
  const Parts = []
  for (const [index, Body] of parts.entries()) {
    const PartNumber = index + 1
    const { ETag } = await s3.send(new UploadPartCommand({ ...place, UploadId, PartNumber, Body }))
    Parts.push({ PartNumber, ETag })
  }
  await s3.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts } }))
  return Buffer.concat(parts)
}

/** A download of which nothing is taken, so that the server can send no more than the buffers between hold. */
export interface SlowDownload {
  readonly name: string
  /** Takes all of it; fails unless the bytes are those that were to come. */
  finish(): Promise<void>
}

/** Begins a download and does not read it. */
export async function beginDownload(
  s3: S3Client,
  place: { readonly Bucket: string; readonly Key: string },
  {
    bytes,
    range,
  }: { readonly bytes: Buffer; readonly range?: { readonly start: number; readonly end: number } },
): Promise<SlowDownload> {
  const Range = range && `bytes=${range.start}-${range.end}`
  const { Body } = await s3.send(new GetObjectCommand({ ...place, ...(Range !== undefined && { Range }) }))
  const wanted = range ? bytes.subarray(range.start, range.end + 1) : bytes
  const name = `${place.Key} ${Range ?? 'whole'}`
  return {
    name,
    async finish() {
      const digest = createHash('md5')
      let sizeBytes = 0
      for await (const piece of Body as Readable) {
        digest.update(piece as Buffer)
        sizeBytes += (piece as Buffer).length
      }
      assert.equal(sizeBytes, wanted.length, name)
      assert.equal(digest.digest('hex'), createHash('md5').update(wanted).digest('hex'), name)
    },
  }
}
