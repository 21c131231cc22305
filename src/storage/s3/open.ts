import { randomBytes } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type ListMultipartUploadsCommandOutput,
} from './client-package.ts'
import type { Clock } from '../../base/clock.ts'
import { systemClock } from '../../base/clock.ts'
import { DAY_MS } from '../../base/milliseconds.ts'
import { isBlobId } from '../blob-id.ts'
import { describeAddress, parseS3Url, type S3Address } from './address.ts'
import { S3BlobStore } from './blob-store.ts'
import { unavailable } from './failures.ts'

/** A put that takes longer than this is given up by its cluster or by its client long before. */
const ABANDONED_AFTER_MS = DAY_MS

/**
 * Opens the store that an `s3://` URL names, after looking whether the bucket exists and takes and gives up an object. Throws RangeError for a
 * wrong URL and StoreUnavailable for everything else, with a message that says what is wrong.
 */
export async function openS3BlobStore(url: string, clock: Clock = systemClock): Promise<S3BlobStore> {
  const address = parseS3Url(url)
  const client = newClient(address)
  try {
    await assertUsable(client, address)
    await abortAbandonedUploads(client, address, clock)
    return new S3BlobStore(client, address)
  } catch (error) {
    client.destroy()
    throw unavailable(describeAddress(address), error)
  }
}

function newClient(address: S3Address): S3Client {
  return new S3Client({
    region: address.region,
    ...(address.endpoint === undefined ? {} : { endpoint: address.endpoint }),
    forcePathStyle: address.isPathStyle,
    ...(address.credentials ? { credentials: address.credentials } : {}),
    ...(address.profile === undefined ? {} : { profile: address.profile }),
    maxAttempts: 3,
    // Older clusters know no checksum trailers; the length of every body is checked on both sides.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 3_000,
      // Of silence, not of the whole request: long bodies take long.
      socketTimeout: address.answerTimeoutMs,
      httpAgent: { keepAlive: true, maxSockets: address.connectionsMax },
      httpsAgent: { keepAlive: true, maxSockets: address.connectionsMax },
    },
  })
}

async function assertUsable(client: S3Client, address: S3Address): Promise<void> {
  // Not HeadBucket: what the cluster says of a refusal is in a document, which a response to HEAD has not.
  await client.send(new ListObjectsV2Command({ Bucket: address.bucket, Prefix: address.prefix, MaxKeys: 1 }))
  // Upper case: never the id of a blob.
  const probe = { Bucket: address.bucket, Key: `${address.prefix}PROBE-${randomBytes(8).toString('hex')}` }
  await client.send(new PutObjectCommand({ ...probe, Body: Buffer.from('lugsail'), ContentLength: 7 }))
  await client.send(new DeleteObjectCommand(probe))
}

/** Multipart uploads of blobs that a crashed process left: they hold bytes and no listing of objects shows them. Those of others stay. */
async function abortAbandonedUploads(client: S3Client, address: S3Address, clock: Clock): Promise<void> {
  const place = { Bucket: address.bucket, Prefix: address.prefix }
  let page: ListMultipartUploadsCommandOutput | null = null
  do {
    page = await client.send(
      new ListMultipartUploadsCommand({
        ...place,
        ...(page ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : {}),
      }),
    )
    for (const { Key: key = '', UploadId: uploadId, Initiated: startedAt } of page.Uploads ?? []) {
      if (!isBlobId(key.slice(address.prefix.length))) continue
      if (startedAt && clock.now() - startedAt.getTime() > ABANDONED_AFTER_MS)
        await client.send(
          new AbortMultipartUploadCommand({ Bucket: address.bucket, Key: key, UploadId: uploadId }),
        )
    }
  } while (page.IsTruncated && page.NextKeyMarker !== undefined)
}
