import type { ServiceSettings } from '../context.ts'
import type { BucketRecord } from '../records/bucket.ts'

/** `arn:aws:lightsail:<region>:<account>:Bucket/<uuid>`. */
export function bucketArn({ region, accountId, bucketId }: BucketRecord): string {
  return `arn:aws:lightsail:${region}:${accountId}:Bucket/${bucketId}`
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
