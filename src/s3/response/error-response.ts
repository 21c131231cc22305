import { s3Errors, type S3ErrorCode } from '../../model/s3/errors.ts'
import { ServiceError, type ErrorDetails } from '../../service/errors.ts'
import { errorDocument } from './error-document.ts'
import { textResponse, type S3Response } from './response-writer.ts'

interface ErrorPlace {
  readonly requestId: string
  readonly hostId: string
  /** The path that was asked for, still encoded. */
  readonly resource: string
}

/** An error's code when it is one of the data plane's; `InternalError` for what the control plane alone may throw. */
export function s3CodeOf(error: ServiceError): S3ErrorCode {
  return error.code in s3Errors ? (error.code as S3ErrorCode) : 'InternalError'
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
export function errorResponse(error: ServiceError, place: ErrorPlace): S3Response {
  const code = s3CodeOf(error)
  const { status, message } = s3Errors[code]
  const headers: string[] = status === 503 ? ['Retry-After', RETRY_AFTER_SECONDS] : []
  const details: [name: string, text: string][] = []
  for (const [name, value] of Object.entries(error.details)) {
    const asHeader = HEADER_DETAILS[name]
    if (asHeader)
      headers.push(asHeader.header, asHeader.isDate ? new Date(Number(value)).toUTCString() : String(value))
    else details.push([elementNameOf(name), String(value)])
  }
  const text = errorDocument([
    ['Code', code],
    ['Message', error.message || message],
    ...details,
    ['Resource', place.resource],
    ['RequestId', place.requestId],
    ['HostId', place.hostId],
  ])
  return textResponse(status, headers, text)
}

/** Elements that are not simply the detail's name with a capital. */
const ELEMENT_NAMES: Readonly<Record<string, string>> = { accessKeyId: 'AWSAccessKeyId' }

const elementNameOf = (name: string): string =>
  ELEMENT_NAMES[name] ?? name.charAt(0).toUpperCase() + name.slice(1)

/** `error` with the fields that S3 adds to its code, from what the request was about. */
export function withAddress(
  error: ServiceError,
  address: { bucketName: string | null; objectKey: string | null },
) {
  const added = addedDetails(error.code, address)
  return added === null
    ? error
    : new ServiceError(error.code, error.message || undefined, {
        details: { ...added, ...error.details },
        cause: error,
      })
}

/** `error` with the region of the bucket that the request was about, where it is known: clients look for buckets by what refuses them. */
export function withBucketRegion(
  error: ServiceError,
  { bucketRegion }: { bucketRegion?: string },
): ServiceError {
  return bucketRegion === undefined || error.details.bucketRegion !== undefined
    ? error
    : new ServiceError(error.code, error.message || undefined, {
        details: { ...error.details, bucketRegion },
        cause: error,
      })
}

function addedDetails(
  code: string,
  { bucketName, objectKey }: { bucketName: string | null; objectKey: string | null },
): ErrorDetails | null {
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
