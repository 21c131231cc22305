import { operation } from '../../operation.ts'
import { structure } from '../../shape.ts'
import { inHeader, inQuery, payload } from '../bindings.ts'
import { givenAclErrors, versionErrors } from '../operation-errors.ts'
import { right } from '../right.ts'
import { AccessControlPolicy, bucketGrantHeaders, ObjectCannedAcl } from '../shapes/acl.ts'
import { bodyIntegrityHeaders } from '../shapes/checksum.ts'
import { objectInAddress, StringValue } from '../shapes/primitives.ts'

/** Shows the access control list of a version. */
export const getObjectAcl = operation('GetObjectAcl', {
  http: { method: 'GET', target: 'object', query: 'acl' },
  rights: [right('s3:GetObjectAcl', 'object', 's3:GetObjectVersionAcl')],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
  }),
  output: structure({ AccessControlPolicy: payload(AccessControlPolicy, 'AccessControlPolicy') }),
  errors: versionErrors,
})

/** Sets the access control list of a version. */
export const putObjectAcl = operation('PutObjectAcl', {
  http: { method: 'PUT', target: 'object', query: 'acl', malformedCode: 'MalformedACLError' },
  rights: [right('s3:PutObjectAcl', 'object', 's3:PutObjectVersionAcl')],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
    ...bodyIntegrityHeaders,
    ACL: inHeader('x-amz-acl', ObjectCannedAcl),
    ...bucketGrantHeaders,
    AccessControlPolicy: payload(AccessControlPolicy, 'AccessControlPolicy'),
  }),
  output: structure({ VersionId: inHeader('x-amz-version-id', StringValue) }),
  errors: [...givenAclErrors, ...versionErrors],
})
