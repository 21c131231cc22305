import { PartNumber } from '../shapes/upload.ts'
import { operation } from '../../operation.ts'
import { enumeration, integer, list, optional, structure } from '../../shape.ts'
import { inHeader, inQuery, payload, repeated } from '../bindings.ts'
import { versionErrors } from '../operation-errors.ts'
import { right } from '../right.ts'
import {
  Checksum,
  checksumElements,
  checksumHeaders,
  ChecksumMode,
  ChecksumType,
} from '../shapes/checksum.ts'
import {
  customerKeyResponseHeaders,
  customerKeyHeaders,
  serverSideEncryptionHeader,
} from '../shapes/encryption.ts'
import { metadataHeaders, readConditionHeaders, responseOverrides } from '../shapes/object-headers.ts'
import { objectLockHeaders } from '../shapes/object-lock.ts'
import {
  BooleanValue,
  Bytes,
  HttpDate,
  IntegerValue,
  LongValue,
  objectInAddress,
  StringValue,
} from '../shapes/primitives.ts'

/** What a read of an object, with or without its bytes, says in address and headers. */
const objectReadMembers = {
  ...objectInAddress,
  ...readConditionHeaders,
  Range: inHeader('range', StringValue),
  IfRange: inHeader('if-range', StringValue),
  ...responseOverrides,
  VersionId: inQuery('versionId', StringValue),
  PartNumber: inQuery('partNumber', PartNumber),
  ...customerKeyHeaders,
  ChecksumMode: inHeader('x-amz-checksum-mode', ChecksumMode),
}

/** What the response to a read of an object says in headers. */
const objectResponseHeaders = {
  /** 200, 206 for a range or part, 304 for one that the client has already. */
  StatusCode: optional(IntegerValue, { location: { in: 'status' } }),
  DeleteMarker: inHeader('x-amz-delete-marker', BooleanValue),
  AcceptRanges: inHeader('accept-ranges', StringValue),
  LastModified: inHeader('last-modified', HttpDate),
  ContentLength: inHeader('content-length', LongValue),
  ContentRange: inHeader('content-range', StringValue),
  ETag: inHeader('etag', StringValue),
  ...checksumHeaders,
  ChecksumType: inHeader('x-amz-checksum-type', ChecksumType),
  VersionId: inHeader('x-amz-version-id', StringValue),
  Expiration: inHeader('x-amz-expiration', StringValue),
  MissingMeta: inHeader('x-amz-missing-meta', IntegerValue),
  ...metadataHeaders,
  ...serverSideEncryptionHeader,
  ...customerKeyResponseHeaders,
  ...objectLockHeaders,
  PartsCount: inHeader('x-amz-mp-parts-count', IntegerValue),
  TagCount: inHeader('x-amz-tagging-count', IntegerValue),
}

const objectReadErrors = [
  'InvalidEncryptionAlgorithmError',
  'InvalidPart',
  'InvalidRange',
  'PreconditionFailed',
  ...versionErrors,
] as const

/** Gives the bytes of a version, or a range of them. */
export const getObject = operation('GetObject', {
  http: { method: 'GET', target: 'object' },
  rights: [right('s3:GetObject', 'object', 's3:GetObjectVersion')],
  input: structure(objectReadMembers),
  output: structure({ ...objectResponseHeaders, Body: payload(Bytes) }),
  errors: objectReadErrors,
})

/** Gives the headers of a version without its bytes. */
export const headObject = operation('HeadObject', {
  http: { method: 'HEAD', target: 'object' },
  rights: [right('s3:GetObject', 'object', 's3:GetObjectVersion')],
  input: structure(objectReadMembers),
  output: structure(objectResponseHeaders),
  errors: objectReadErrors,
})

const Attribute = enumeration(['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'])

const ObjectPart = structure({ PartNumber: IntegerValue, Size: LongValue, ...checksumElements })

const ObjectParts = structure({
  // The element is named unlike the member of every client.
  TotalPartsCount: repeated('PartsCount', IntegerValue),
  PartNumberMarker: IntegerValue,
  NextPartNumberMarker: IntegerValue,
  MaxParts: IntegerValue,
  IsTruncated: BooleanValue,
  Parts: repeated('Part', list(ObjectPart, { isFlattened: true })),
})

/** Shows chosen facts of a version without its bytes. */
export const getObjectAttributes = operation('GetObjectAttributes', {
  http: { method: 'GET', target: 'object', query: 'attributes' },
  rights: [
    right('s3:GetObjectAttributes', 'object', 's3:GetObjectVersionAttributes'),
    right('s3:GetObject', 'object', 's3:GetObjectVersion'),
  ],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
    MaxParts: inHeader('x-amz-max-parts', integer({ min: 0 })),
    PartNumberMarker: inHeader('x-amz-part-number-marker', integer({ min: 0 })),
    ObjectAttributes: inHeader('x-amz-object-attributes', list(Attribute)),
    ...customerKeyHeaders,
  }),
  output: structure(
    {
      DeleteMarker: inHeader('x-amz-delete-marker', BooleanValue),
      LastModified: inHeader('last-modified', HttpDate),
      VersionId: inHeader('x-amz-version-id', StringValue),
      ETag: StringValue,
      Checksum,
      ObjectParts,
      StorageClass: StringValue,
      ObjectSize: LongValue,
    },
    { name: 'GetObjectAttributesResponse' },
  ),
  errors: ['InvalidEncryptionAlgorithmError', ...versionErrors],
})
