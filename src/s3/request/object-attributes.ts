import { ENCRYPTION_ALGORITHM, type ServerSideEncryption } from '../../model/s3/shapes/encryption.ts'
import { DEFAULT_CONTENT_TYPE } from '../../model/s3/shapes/object-headers.ts'
import type { ValueOf } from '../../model/shape.ts'
import { encryptionRequest, type EncryptionRequest } from '../../service/encryption/encryption-request.ts'
import { wholeRetention } from '../../service/locks/lock-rules.ts'
import { checkAttributes, type ObjectAttributes } from '../../service/versions/object-attributes.ts'
import type { ServiceSettings } from '../../service/context.ts'
import { checkStorageClass } from '../../service/versions/storage-class.ts'
import type { AccessControlList } from '../../service/records/bucket.ts'
import { parseCustomerKey, type CustomerKeyInput } from './customer-key.ts'
import { notImplemented } from './argument-errors.ts'
import { parseTaggingHeader } from './tagging-header.ts'

/** The headers that describe a new object, under the names they have in inputs. */
interface ObjectAttributesInput extends CustomerKeyInput {
  readonly CacheControl?: string | undefined
  readonly ContentDisposition?: string | undefined
  readonly ContentEncoding?: string | undefined
  readonly ContentLanguage?: string | undefined
  readonly ContentType?: string | undefined
  readonly Expires?: string | undefined
  readonly Metadata?: Readonly<Record<string, string>> | undefined
  readonly StorageClass?: string | undefined
  readonly WebsiteRedirectLocation?: string | undefined
  readonly Tagging?: string | undefined
  readonly ServerSideEncryption?: ValueOf<typeof ServerSideEncryption> | undefined
  readonly ObjectLockMode?: 'GOVERNANCE' | 'COMPLIANCE' | undefined
  readonly ObjectLockRetainUntilDate?: number | undefined
  readonly ObjectLockLegalHoldStatus?: 'ON' | 'OFF' | undefined
}

/**
 * What an object will have besides its bytes: the headers are read, and the rules of new objects asked, in this order. Throws as checkStorageClass,
 * parseTaggingHeader, wholeRetention, parseCustomerKey, encryptionRequest and checkAttributes, and `NotImplemented` for keys of KMS.
 */
export function objectAttributes(
  settings: Pick<ServiceSettings, 'refusesStorageClasses'>,
  input: ObjectAttributesInput,
  acl: AccessControlList | undefined,
): ObjectAttributes {
  checkStorageClass(settings, input.StorageClass)
  const tags = parseTaggingHeader(input.Tagging)
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: retainUntil } = input
  const retention = wholeRetention({ mode, retainUntil }, 'new-object')
  const encryption = encryptionOf(input)
  return checkAttributes({
    headers: contentHeaders(input),
    userMetadata: { ...input.Metadata },
    ...(tags && tags.length > 0 && { tags }),
    ...(acl && { acl }),
    ...(input.WebsiteRedirectLocation !== undefined && {
      websiteRedirectLocation: input.WebsiteRedirectLocation,
    }),
    ...(retention && { retention }),
    ...(input.ObjectLockLegalHoldStatus !== undefined && {
      legalHold: input.ObjectLockLegalHoldStatus === 'ON',
    }),
    ...(encryption && { encryption }),
  })
}

function contentHeaders(input: ObjectAttributesInput): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': input.ContentType || DEFAULT_CONTENT_TYPE }
  if (input.CacheControl !== undefined) headers['cache-control'] = input.CacheControl
  if (input.ContentDisposition !== undefined) headers['content-disposition'] = input.ContentDisposition
  const encoding = input.ContentEncoding === undefined ? '' : withoutFraming(input.ContentEncoding)
  if (encoding !== '') headers['content-encoding'] = encoding
  if (input.ContentLanguage !== undefined) headers['content-language'] = input.ContentLanguage
  if (input.Expires !== undefined) headers.expires = input.Expires
  return headers
}

/** `aws-chunked` says how the request's body is framed; it is no property of the object. */
function withoutFraming(encoding: string): string {
  if (!encoding.toLowerCase().includes('aws-chunked')) return encoding
  return encoding
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token.toLowerCase() !== 'aws-chunked')
    .join(',')
}

function encryptionOf(input: ObjectAttributesInput): EncryptionRequest | undefined {
  const { ServerSideEncryption: method } = input
  const request = encryptionRequest(parseCustomerKey(input), method)
  if (method !== undefined && method !== ENCRYPTION_ALGORITHM)
    throw notImplemented('value', `${method} of x-amz-server-side-encryption`)
  return request
}
