import { inHeader, inHeaders, inQuery } from '../bindings.ts'
import { HttpDate, StringMap, StringValue } from './primitives.ts'

/** The content type of an object whose request names none. */
export const DEFAULT_CONTENT_TYPE = 'binary/octet-stream'

/** Headers that are stored with an object and come back as they were given. */
const contentHeaders = {
  CacheControl: inHeader('cache-control', StringValue),
  ContentDisposition: inHeader('content-disposition', StringValue),
  ContentEncoding: inHeader('content-encoding', StringValue),
  ContentLanguage: inHeader('content-language', StringValue),
  ContentType: inHeader('content-type', StringValue),
  Expires: inHeader('expires', StringValue),
}

/** The most bytes of an object's own metadata, names and values together. */
export const USER_METADATA_BYTES_MAX = 2_048

/** The most characters of an object's redirect location. */
export const REDIRECT_LENGTH_MAX = 2_048

/** The `x-amz-meta-` headers: what the owner notes of an object. */
export const metadataHeaders = {
  ...contentHeaders,
  Metadata: inHeaders('x-amz-meta-', StringMap),
  StorageClass: inHeader('x-amz-storage-class', StringValue),
  WebsiteRedirectLocation: inHeader('x-amz-website-redirect-location', StringValue),
}

/** Conditions on the state of the object that a request reads. */
export const readConditionHeaders = {
  IfMatch: inHeader('if-match', StringValue),
  IfModifiedSince: inHeader('if-modified-since', HttpDate),
  IfNoneMatch: inHeader('if-none-match', StringValue),
  IfUnmodifiedSince: inHeader('if-unmodified-since', HttpDate),
}

/** Conditions on the state of the object that a request replaces. */
export const writeConditionHeaders = {
  IfMatch: inHeader('if-match', StringValue),
  IfNoneMatch: inHeader('if-none-match', StringValue),
}

/** Which object a copy reads, and in what state it must be. */
export const copySourceConditionHeaders = {
  CopySourceIfMatch: inHeader('x-amz-copy-source-if-match', StringValue),
  CopySourceIfModifiedSince: inHeader('x-amz-copy-source-if-modified-since', HttpDate),
  CopySourceIfNoneMatch: inHeader('x-amz-copy-source-if-none-match', StringValue),
  CopySourceIfUnmodifiedSince: inHeader('x-amz-copy-source-if-unmodified-since', HttpDate),
}

/** The customer's key under which a copy's source is stored. */
export const copySourceCustomerKeyHeaders = {
  CopySourceSSECustomerAlgorithm: inHeader(
    'x-amz-copy-source-server-side-encryption-customer-algorithm',
    StringValue,
  ),
  CopySourceSSECustomerKey: inHeader('x-amz-copy-source-server-side-encryption-customer-key', StringValue),
  CopySourceSSECustomerKeyMD5: inHeader(
    'x-amz-copy-source-server-side-encryption-customer-key-md5',
    StringValue,
  ),
}

/** Headers that a signed read may have the response say instead of what is stored. */
export const responseOverrides = {
  ResponseCacheControl: inQuery('response-cache-control', StringValue),
  ResponseContentDisposition: inQuery('response-content-disposition', StringValue),
  ResponseContentEncoding: inQuery('response-content-encoding', StringValue),
  ResponseContentLanguage: inQuery('response-content-language', StringValue),
  ResponseContentType: inQuery('response-content-type', StringValue),
  ResponseExpires: inQuery('response-expires', StringValue),
}
