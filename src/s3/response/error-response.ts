import { formatHttpDate } from '../../base/http-date.ts'
import type { S3ErrorCode } from '../../model/s3/errors.ts'
import { S3Error, type S3ErrorDetails } from '../s3-error.ts'
import { errorDocument } from './error-document.ts'
import { textResponse, type S3Response } from './response-writer.ts'

interface ErrorPlace {
  readonly requestId: string
  readonly hostId: string
  /** The path that was asked for, still encoded. */
  readonly resource: string
}

/** Details that are headers of the response rather than elements of its document. */
const HEADER_DETAILS: Readonly<Record<string, { readonly header: string; readonly isDate?: true }>> = {
  deleteMarker: { header: 'x-amz-delete-marker' },
  versionId: { header: 'x-amz-version-id' },
  lastModified: { header: 'Last-Modified', isDate: true },
  bucketRegion: { header: 'x-amz-bucket-region' },
  allow: { header: 'Allow' },
  contentRange: { header: 'Content-Range' },
}

/** A store that restarts is back in about this time. */
const RETRY_AFTER_SECONDS = '1'

/** The response to a request that failed as foreseen: S3's error document, and the headers that some errors have. */
export function errorResponse(error: S3Error, place: ErrorPlace): S3Response {
  const { code, status, message } = error
  const headers: string[] = status === 503 ? ['Retry-After', RETRY_AFTER_SECONDS] : []
  const details: [name: string, text: string][] = []
  for (const [name, value] of Object.entries(error.details)) {
    const asHeader = HEADER_DETAILS[name]
    if (asHeader)
      headers.push(asHeader.header, asHeader.isDate ? formatHttpDate(Number(value)) : String(value))
    else details.push([elementNameOf(name), String(value)])
  }
  const text = errorDocument([
    ['Code', code],
    ['Message', message],
    ...details,
    ['Resource', place.resource],
    ['RequestId', place.requestId],
    ['HostId', place.hostId],
  ])
  return textResponse(status, headers, text)
}

/** Elements that are not simply the detail's name with a capital. */
const ELEMENT_NAMES: Readonly<Record<string, string>> = {
  accessKeyId: 'AWSAccessKeyId',
  additionalMessage: 'additionalMessage',
  contentMd5: 'Content-MD5',
}

const elementNameOf = (name: string): string =>
  ELEMENT_NAMES[name] ?? name.charAt(0).toUpperCase() + name.slice(1)

/** `error` with the fields that S3 adds to its code, from what the request was about. */
export function withAddress(
  error: S3Error,
  address: { bucketName: string | null; objectKey: string | null },
) {
  const added = addedDetails(error.code, address)
  return added === null
    ? error
    : new S3Error(error.code, error.message, {
        details: { ...added, ...error.details },
        cause: error,
      })
}

/** `error` with the region of the bucket that the request was about, where it is known: clients look for buckets by what refuses them. */
export function withBucketRegion(error: S3Error, { bucketRegion }: { bucketRegion?: string }): S3Error {
  return bucketRegion === undefined || error.details.bucketRegion !== undefined
    ? error
    : new S3Error(error.code, error.message, {
        details: { ...error.details, bucketRegion },
        cause: error,
      })
}

/** `error` with the method, where S3 tells which one what is there does not have. */
export function withMethod(error: S3Error, method: string): S3Error {
  return error.code !== 'MethodNotAllowed' || error.details.method !== undefined
    ? error
    : new S3Error(error.code, error.message, { details: { method, ...error.details }, cause: error })
}

function addedDetails(
  code: S3ErrorCode,
  { bucketName, objectKey }: { bucketName: string | null; objectKey: string | null },
): S3ErrorDetails | null {
  switch (code) {
    case 'NoSuchBucket':
    case 'BucketNotEmpty':
    case 'BucketAlreadyExists':
    case 'BucketAlreadyOwnedByYou':
    case 'NoSuchBucketPolicy':
    case 'InvalidBucketName':
    case 'NoSuchCORSConfiguration':
    case 'NoSuchTagSet':
    case 'NoSuchLifecycleConfiguration':
      return bucketName === null ? null : { bucketName }
    case 'NoSuchKey':
    case 'NoSuchVersion':
      return objectKey === null ? null : { key: objectKey }
    default:
      return null
  }
}
