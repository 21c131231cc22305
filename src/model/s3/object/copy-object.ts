import { operation } from '../../operation.ts'
import { enumeration, structure } from '../../shape.ts'
import { inHeader, payload, requiredInHeader } from '../bindings.ts'
import { newObjectRights, writeConditionRights } from '../new-object-rights.ts'
import { copySourceErrors, newObjectErrors, writeConditionErrors } from '../operation-errors.ts'
import { right, type RightCondition, rightWhen } from '../right.ts'
import { ChecksumAlgorithm, checksumElements, ChecksumType } from '../shapes/checksum.ts'
import { customerKeyResponseHeaders, serverSideEncryptionHeader } from '../shapes/encryption.ts'
import { newObjectHeaders } from '../shapes/new-object.ts'
import {
  copySourceConditionHeaders,
  copySourceCustomerKeyHeaders,
  writeConditionHeaders,
} from '../shapes/object-headers.ts'
import { IsoSecond, objectInAddress, StringValue } from '../shapes/primitives.ts'

const Directive = enumeration(['COPY', 'REPLACE'])

const copiesTags: RightCondition<{ readonly TaggingDirective?: string | undefined }> = {
  says: 'the source has tags, and x-amz-tagging-directive is not REPLACE',
  holds: ({ TaggingDirective }, { isSourceTagged }) =>
    isSourceTagged === true && TaggingDirective !== 'REPLACE',
}

/** Makes an object of another, with its metadata or new one. */
export const copyObject = operation('CopyObject', {
  http: { method: 'PUT', target: 'object', changes: 'object', header: 'x-amz-copy-source' },
  rights: [
    right('s3:PutObject', 'object'),
    right('s3:GetObject', 'source', 's3:GetObjectVersion'),
    rightWhen(copiesTags, 's3:GetObjectTagging', { on: 'source', ofVersion: 's3:GetObjectVersionTagging' }),
    rightWhen(copiesTags, 's3:PutObjectTagging', { on: 'new-object' }),
    ...newObjectRights,
    ...writeConditionRights,
  ],
  input: structure({
    ...objectInAddress,
    CopySource: requiredInHeader('x-amz-copy-source', StringValue),
    ...copySourceConditionHeaders,
    ExpectedSourceBucketOwner: inHeader('x-amz-source-expected-bucket-owner', StringValue),
    ...copySourceCustomerKeyHeaders,
    MetadataDirective: inHeader('x-amz-metadata-directive', Directive),
    TaggingDirective: inHeader('x-amz-tagging-directive', Directive),
    ChecksumAlgorithm: inHeader('x-amz-checksum-algorithm', ChecksumAlgorithm),
    ...newObjectHeaders,
    ...writeConditionHeaders,
  }),
  output: structure({
    CopySourceVersionId: inHeader('x-amz-copy-source-version-id', StringValue),
    VersionId: inHeader('x-amz-version-id', StringValue),
    Expiration: inHeader('x-amz-expiration', StringValue),
    ...serverSideEncryptionHeader,
    ...customerKeyResponseHeaders,
    CopyObjectResult: payload(
      structure({ ETag: StringValue, LastModified: IsoSecond, ChecksumType, ...checksumElements }),
      'CopyObjectResult',
    ),
  }),
  errors: ['EntityTooLarge', ...copySourceErrors, ...newObjectErrors, ...writeConditionErrors],
})
