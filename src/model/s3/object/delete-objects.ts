import { PAGE_MAX } from '../shapes/listing.ts'
import { operation } from '../../operation.ts'
import { list, required, structure } from '../../shape.ts'
import { inHeader, inQuery, repeated, requiredPayload, requiredRepeated } from '../bindings.ts'
import { bypassRight } from '../new-object-rights.ts'
import { right, rightWhen } from '../right.ts'
import { bodyIntegrityHeaders } from '../shapes/checksum.ts'
import {
  BooleanValue,
  bucketInAddress,
  HttpDate,
  Instant,
  LongValue,
  objectInAddress,
  StringValue,
} from '../shapes/primitives.ts'

/** Deletes an object, or places a delete marker, or deletes one version. */
export const deleteObject = operation('DeleteObject', {
  http: { method: 'DELETE', target: 'object', changes: 'deletion', status: 204 },
  rights: [
    right('s3:DeleteObject', 'object', 's3:DeleteObjectVersion'),
    bypassRight('object'),
    rightWhen<{
      readonly IfMatch?: string | undefined
      readonly IfMatchLastModifiedTime?: number | undefined
      readonly IfMatchSize?: number | undefined
    }>(
      {
        says: 'If-Match names an ETag, or x-amz-if-match-last-modified-time or -size is given',
        holds: ({ IfMatch = '*', IfMatchLastModifiedTime, IfMatchSize }) =>
          IfMatch !== '*' || IfMatchLastModifiedTime !== undefined || IfMatchSize !== undefined,
      },
      's3:GetObject',
      { on: 'object', ofVersion: 's3:GetObjectVersion' },
    ),
  ],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
    BypassGovernanceRetention: inHeader('x-amz-bypass-governance-retention', BooleanValue),
    IfMatch: inHeader('if-match', StringValue),
    IfMatchLastModifiedTime: inHeader('x-amz-if-match-last-modified-time', Instant),
    IfMatchSize: inHeader('x-amz-if-match-size', LongValue),
  }),
  output: structure({
    DeleteMarker: inHeader('x-amz-delete-marker', BooleanValue),
    VersionId: inHeader('x-amz-version-id', StringValue),
  }),
  errors: ['NoSuchKey', 'NoSuchVersion', 'PreconditionFailed'],
})

const ObjectIdentifier = structure({
  Key: required(StringValue),
  VersionId: StringValue,
  ETag: StringValue,
  LastModifiedTime: HttpDate,
  Size: LongValue,
})

const DeletedObject = structure({
  Key: StringValue,
  VersionId: StringValue,
  DeleteMarker: BooleanValue,
  DeleteMarkerVersionId: StringValue,
})

const DeleteError = structure({
  Key: StringValue,
  VersionId: StringValue,
  Code: StringValue,
  Message: StringValue,
})

/** Deletes up to 1,000 objects or versions. */
export const deleteObjects = operation('DeleteObjects', {
  // 1,000 keys of 1,024 bytes with all that an entry may have, some of their characters as references, and room for spaces between the elements.
  http: {
    method: 'POST',
    target: 'bucket',
    changes: 'deletion',
    query: 'delete',
    documentBytesMax: 3 * 1024 * 1024,
    needsDigest: true,
  },
  rights: [
    right('s3:DeleteObject', 'each-object', 's3:DeleteObjectVersion'),
    bypassRight('each-object'),
    rightWhen<{
      readonly ETag?: string | undefined
      readonly LastModifiedTime?: number | undefined
      readonly Size?: number | undefined
    }>(
      {
        says: 'its ETag, LastModifiedTime or Size is given',
        holds: ({ ETag = '*', LastModifiedTime, Size }) =>
          ETag !== '*' || LastModifiedTime !== undefined || Size !== undefined,
      },
      's3:GetObject',
      { on: 'each-object', ofVersion: 's3:GetObjectVersion' },
    ),
  ],
  input: structure({
    ...bucketInAddress,
    ...bodyIntegrityHeaders,
    BypassGovernanceRetention: inHeader('x-amz-bypass-governance-retention', BooleanValue),
    Delete: requiredPayload(
      structure({
        Objects: requiredRepeated(
          'Object',
          list(ObjectIdentifier, { isFlattened: true, lengthMax: PAGE_MAX }),
        ),
        Quiet: BooleanValue,
      }),
      'Delete',
    ),
  }),
  output: structure(
    {
      Deleted: repeated('Deleted', list(DeletedObject, { isFlattened: true })),
      Errors: repeated('Error', list(DeleteError, { isFlattened: true })),
    },
    { name: 'DeleteResult' },
  ),
  errors: [],
})
