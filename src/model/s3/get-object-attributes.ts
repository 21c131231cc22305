import { operation } from '../operation.ts'
import { enumeration, integer, list, structure } from '../shape.ts'
import { inHeader, inQuery, repeated, requiredInHeader } from './bindings.ts'
import { right } from './right.ts'
import { Checksum, checksumElements } from './shapes/checksum.ts'
import { customerKeyHeaders } from './shapes/encryption.ts'
import {
  BooleanValue,
  HttpDate,
  IntegerValue,
  LongValue,
  objectInAddress,
  StringValue,
} from './shapes/primitives.ts'

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
    ObjectAttributes: requiredInHeader('x-amz-object-attributes', list(Attribute)),
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
  errors: ['NoSuchKey'],
})
