import { operation } from '../../operation.ts'
import { structure } from '../../shape.ts'
import { inHeader, payload } from '../bindings.ts'
import { newObjectRights, writeConditionRights } from '../new-object-rights.ts'
import { newObjectErrors, writeConditionErrors } from '../operation-errors.ts'
import { right } from '../right.ts'
import { bodyIntegrityHeaders, checksumHeaders, ChecksumType } from '../shapes/checksum.ts'
import { customerKeyResponseHeaders, serverSideEncryptionHeader } from '../shapes/encryption.ts'
import { newObjectHeaders } from '../shapes/new-object.ts'
import { writeConditionHeaders } from '../shapes/object-headers.ts'
import { Bytes, objectInAddress, StringValue } from '../shapes/primitives.ts'

/** Stores an object in one request. */
export const putObject = operation('PutObject', {
  http: { method: 'PUT', target: 'object', changes: 'object' },
  rights: [right('s3:PutObject', 'object'), ...newObjectRights, ...writeConditionRights],
  input: structure({
    ...objectInAddress,
    ...bodyIntegrityHeaders,
    ...newObjectHeaders,
    ...writeConditionHeaders,
    Body: payload(Bytes),
  }),
  output: structure({
    ETag: inHeader('etag', StringValue),
    ...checksumHeaders,
    ChecksumType: inHeader('x-amz-checksum-type', ChecksumType),
    VersionId: inHeader('x-amz-version-id', StringValue),
    Expiration: inHeader('x-amz-expiration', StringValue),
    ...serverSideEncryptionHeader,
    ...customerKeyResponseHeaders,
  }),
  errors: ['EntityTooLarge', ...newObjectErrors, ...writeConditionErrors],
})
