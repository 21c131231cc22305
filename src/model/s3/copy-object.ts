import { operation } from '../operation.ts'
import { enumeration, structure } from '../shape.ts'
import { inHeader, payload, requiredInHeader } from './bindings.ts'
import { ObjectCannedAcl, objectGrantHeaders } from './shapes/acl.ts'
import { ChecksumAlgorithm, checksumElements, ChecksumType } from './shapes/checksum.ts'
import {
  customerKeyAnswerHeaders,
  customerKeyHeaders,
  serverSideEncryptionHeader,
} from './shapes/encryption.ts'
import {
  copySourceConditionHeaders,
  copySourceCustomerKeyHeaders,
  metadataHeaders,
  writeConditionHeaders,
} from './shapes/object-headers.ts'
import { objectLockHeaders } from './shapes/object-lock.ts'
import { IsoDate, objectInAddress, StringValue } from './shapes/primitives.ts'

const Directive = enumeration(['COPY', 'REPLACE'])

export const copyObject = operation('CopyObject', {
  http: { method: 'PUT', target: 'object', header: 'x-amz-copy-source' },
  input: structure({
    ...objectInAddress,
    CopySource: requiredInHeader('x-amz-copy-source', StringValue),
    ...copySourceConditionHeaders,
    ...copySourceCustomerKeyHeaders,
    MetadataDirective: inHeader('x-amz-metadata-directive', Directive),
    TaggingDirective: inHeader('x-amz-tagging-directive', Directive),
    ChecksumAlgorithm: inHeader('x-amz-checksum-algorithm', ChecksumAlgorithm),
    ...metadataHeaders,
    ...writeConditionHeaders,
    ACL: inHeader('x-amz-acl', ObjectCannedAcl),
    ...objectGrantHeaders,
    Tagging: inHeader('x-amz-tagging', StringValue),
    ...serverSideEncryptionHeader,
    ...customerKeyHeaders,
    ...objectLockHeaders,
  }),
  output: structure({
    CopySourceVersionId: inHeader('x-amz-copy-source-version-id', StringValue),
    VersionId: inHeader('x-amz-version-id', StringValue),
    Expiration: inHeader('x-amz-expiration', StringValue),
    ...serverSideEncryptionHeader,
    ...customerKeyAnswerHeaders,
    CopyObjectResult: payload(
      structure({ ETag: StringValue, LastModified: IsoDate, ChecksumType, ...checksumElements }),
      'CopyObjectResult',
    ),
  }),
  errors: ['NoSuchKey', 'NoSuchVersion'],
})
