import type { ServerSideEncryption } from '../../model/s3/shapes/encryption.ts'
import {
  DEFAULT_CONTENT_TYPE,
  REDIRECT_LENGTH_MAX,
  USER_METADATA_BYTES_MAX,
} from '../../model/s3/shapes/object-headers.ts'
import type { ValueOf } from '../../model/shape.ts'
import { S3Error } from '../s3-error.ts'
import type { EncryptionRequest } from '../../service/encryption/encryption-request.ts'
import type { ObjectAttributes } from '../../service/versions/object-attributes.ts'
import type { ServiceSettings } from '../../service/context.ts'
import { checkStorageClass } from '../../service/versions/storage-class.ts'
import type { AccessControlList } from '../../service/records/bucket.ts'
import { parseCustomerKey, type CustomerKeyInput } from './customer-key.ts'
import { notImplemented } from './argument-errors.ts'
import { invalidArgument } from './argument-errors.ts'
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

/** What an object will have besides its bytes. Throws `MetadataTooLarge`, `InvalidStorageClass`, `InvalidRedirectLocation` and what its parts throw. */
export function objectAttributes(
  settings: Pick<ServiceSettings, 'refusesStorageClasses'>,
  input: ObjectAttributesInput,
  acl: AccessControlList | undefined,
): ObjectAttributes {
  checkStorageClass(settings, input.StorageClass)
  const tags = parseTaggingHeader(input.Tagging)
  const retention = retentionOf(input)
  const encryption = encryptionOf(input)
  return {
    headers: contentHeaders(input),
    userMetadata: checkedMetadata(input.Metadata),
    ...(tags && tags.length > 0 && { tags }),
    ...(acl && { acl }),
    ...(input.WebsiteRedirectLocation !== undefined && {
      websiteRedirectLocation: checkedLocation(input.WebsiteRedirectLocation),
    }),
    ...(retention && { retention }),
    ...(input.ObjectLockLegalHoldStatus !== undefined && {
      legalHold: input.ObjectLockLegalHoldStatus === 'ON',
    }),
    ...(encryption && { encryption }),
  }
}

/** Throws `InvalidRedirectLocation` for what is neither a web address nor a path, and for one that is too long. */
function checkedLocation(location: string): string {
  if (!/^(?:https?:\/)?\//.test(location)) throw new S3Error('InvalidRedirectLocation')
  if (location.length > REDIRECT_LENGTH_MAX)
    throw new S3Error(
      'InvalidRedirectLocation',
      `The length of website redirect location cannot exceed ${REDIRECT_LENGTH_MAX.toLocaleString('en')} characters.`,
    )
  return location
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

function checkedMetadata(metadata: Readonly<Record<string, string>> | undefined): Record<string, string> {
  if (metadata === undefined) return {}
  let sizeBytes = 0
  for (const [name, value] of Object.entries(metadata)) sizeBytes += name.length + Buffer.byteLength(value)
  if (sizeBytes > USER_METADATA_BYTES_MAX)
    throw new S3Error('MetadataTooLarge', undefined, {
      details: { size: sizeBytes, maxSizeAllowed: USER_METADATA_BYTES_MAX },
    })
  return { ...metadata }
}

function encryptionOf(input: ObjectAttributesInput): EncryptionRequest | undefined {
  const customerKey = parseCustomerKey(input)
  if (customerKey && input.ServerSideEncryption !== undefined)
    throw invalidArgument(
      'x-amz-server-side-encryption',
      input.ServerSideEncryption,
      'Server Side Encryption with Customer provided key is incompatible with the encryption method specified',
    )
  if (customerKey) return { type: 'SSE-C', ...customerKey }
  if (input.ServerSideEncryption !== undefined && input.ServerSideEncryption !== 'AES256')
    throw notImplemented('value', `${input.ServerSideEncryption} of x-amz-server-side-encryption`)
  return input.ServerSideEncryption === undefined ? undefined : { type: 'SSE-S3' }
}

function retentionOf(input: ObjectAttributesInput): ObjectAttributes['retention'] {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: retainUntil } = input
  if (mode === undefined && retainUntil === undefined) return undefined
  if (mode === undefined || retainUntil === undefined)
    throw invalidArgument(
      'x-amz-object-lock-mode',
      mode ?? '',
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
    )
  return { mode, retainUntil }
}
