import type { Address } from './address.ts'

/**
 * The path as signature version 2 signs it: as it was sent, with the bucket in front where the host names it. botocore signs a bucket with a slash
 * behind it that its URL does not have; both name the bucket.
 */
export function version2Resources({
  target,
  bucketName,
  isPathStyle,
  rawPath,
}: Pick<Address, 'target' | 'bucketName' | 'isPathStyle' | 'rawPath'>): readonly string[] {
  const resource = isPathStyle ? rawPath : `/${bucketName ?? ''}${rawPath}`
  return target === 'bucket' && !resource.endsWith('/') ? [resource, `${resource}/`] : [resource]
}
