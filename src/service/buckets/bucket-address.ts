import { createHash } from 'node:crypto'
import type { ServiceSettings } from '../context.ts'
import type { BucketRecord } from '../records/bucket.ts'

/** `arn:aws:lightsail:<region>:<account>:Bucket/<uuid>`. */
export function bucketArn({ region, accountId, bucketId }: BucketRecord): string {
  return `arn:aws:lightsail:${region}:${accountId}:Bucket/${bucketUuid(bucketId)}`
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The bucket's id as ARNs have it: itself where it is a UUID, as it was once; else a UUID of version 8 (RFC 9562) that follows from it. */
function bucketUuid(bucketId: string): string {
  if (UUID.test(bucketId)) return bucketId
  const bytes = createHash('sha256').update(bucketId).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/**
 * The base URL of a bucket's objects, with a slash at the end. With a domain the bucket is a host
 * (`https://<bucket>.s3.<region>.<domain>/`, scheme and port as in the public URL), else the first part of the path.
 */
export function bucketUrl(settings: ServiceSettings, { name, region }: BucketRecord): string {
  const { domain, publicUrl } = settings
  if (domain === null) return `${publicUrl}/${name}/`
  const { protocol, port } = new URL(publicUrl)
  return `${protocol}//${name}.s3.${region}.${domain}${port === '' ? '' : `:${port}`}/`
}
