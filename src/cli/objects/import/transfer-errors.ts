import { S3ServiceException } from '@aws-sdk/client-s3'
import { ObjectError } from '../object-error.ts'

/** Bytes came otherwise than they were said to be; another try may get them whole. */
export class DamagedBody extends ObjectError {}

/** The object at the source is another one than when its copy began. */
export class SourceChanged extends ObjectError {}

/** The object is no longer at the source. */
export class SourceGone extends ObjectError {}

/** The object was put together of parts, or is too large to be sent at once, which the listing did not say. */
export class SourceInParts extends ObjectError {}

/** The source does not give an object's parts as they were uploaded, or the destination does not take parts so small. */
export class PartsNotAtHand extends ObjectError {}

/** The bytes were read twice, the same both times, and are not those of the ETag. */
export class EtagOfOtherBytes extends ObjectError {}

/** What refuses everything, whatever the object. */
const REFUSALS_OF_ALL = new Set([
  'AccessDenied',
  'ExpiredToken',
  'Forbidden',
  'InvalidAccessKeyId',
  'InvalidToken',
  'NoSuchBucket',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
])

/** Whether an error says nothing of other objects: an archived one, one under a customer's key, one that is another there. */
export function isOfOneObject(error: unknown): boolean {
  if (error instanceof ObjectError) return true
  if (!(error instanceof S3ServiceException)) return false
  const { httpStatusCode: status = 0 } = error.$metadata
  return status >= 400 && status < 500 && status !== 429 && !REFUSALS_OF_ALL.has(error.name)
}
