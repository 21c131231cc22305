import { S3Error } from '../s3-error.ts'
import type { RequestHead } from '../../auth/request-head.ts'
import type { RequestQuery } from '../../auth/request-query.ts'
import { checkKeyLength } from '../../service/versions/object-key.ts'
import { decodeUri } from './decode-uri.ts'

/** What a request is addressed to. */
export interface Address {
  readonly target: 'service' | 'bucket' | 'object'
  /** Null for the service as a whole. */
  readonly bucketName: string | null
  /** Null for the service and for a bucket. */
  readonly objectKey: string | null
  /** The bucket is the first part of the path, on the server's own host; false where the host names it. */
  readonly isPathStyle: boolean
  /** Decoded arguments by name, of which each comes once. */
  readonly query: RequestQuery['values']
  /** The path as it was sent, still encoded: what errors name. */
  readonly rawPath: string
}

/** No bucket has a longer name; what is longer is not looked up. */
const BUCKET_NAME_LENGTH_MAX = 255

/**
 * Finds bucket and key in the path and Host of a request. Path style: `/bucket/key`. Virtual-host style, when the server has a
 * domain: `bucket.<domain>` and `bucket.s3.<region>.<domain>`, with the whole path as the key; the domain itself and
 * `s3.<region>.<domain>` are path style. Throws `InvalidURI`, `InvalidBucketName` and `ObjectKeyTooLong`.
 */
export function parseAddress(
  { path, rawPath, query: { values: query }, headers: { host } }: RequestHead,
  domain: string | null,
): Address {
  const hostBucket = domain === null || host === undefined ? null : bucketOfHost(host, domain)
  if (hostBucket !== null) return addressOf(hostBucket, path.slice(1), { isPathStyle: false, query, rawPath })
  const slash = path.indexOf('/', 1)
  const bucketPart = slash < 0 ? path.slice(1) : path.slice(1, slash)
  const keyPart = slash < 0 ? '' : path.slice(slash + 1)
  if (bucketPart === '' && keyPart === '')
    return { target: 'service', bucketName: null, objectKey: null, isPathStyle: true, query, rawPath }
  return addressOf(decodeUri(bucketPart), keyPart, { isPathStyle: true, query, rawPath })
}

function addressOf(
  bucketName: string,
  rawKey: string,
  rest: Pick<Address, 'isPathStyle' | 'query' | 'rawPath'>,
): Address {
  if (bucketName === '' || bucketName.length > BUCKET_NAME_LENGTH_MAX)
    throw new S3Error('InvalidBucketName', undefined, {
      details: { bucketName: bucketName.slice(0, 64) },
    })
  if (rawKey === '') return { target: 'bucket', bucketName, objectKey: null, ...rest }
  const objectKey = decodeUri(rawKey)
  checkKeyLength(objectKey)
  return { target: 'object', bucketName, objectKey, ...rest }
}

/** The bucket that a host names, or null for path style. */
export function bucketOfHost(host: string, domain: string): string | null {
  const name = withoutPort(host).toLowerCase()
  if (!name.endsWith(domain) || name.length <= domain.length) return null
  if (name[name.length - domain.length - 1] !== '.') return null
  const labels = name.slice(0, name.length - domain.length - 1)
  const regionStart = labels.lastIndexOf('.')
  const serviceStart = labels.lastIndexOf('.', regionStart - 1)
  if (regionStart > 0 && labels.slice(serviceStart + 1, regionStart) === 's3')
    return serviceStart > 0 ? labels.slice(0, serviceStart) : null
  return labels === 's3' ? null : labels
}

function withoutPort(host: string): string {
  const colon = host.lastIndexOf(':')
  return colon > 0 && !host.endsWith(']') ? host.slice(0, colon) : host
}
