import { operation } from '../operation.ts'
import { structure } from '../shape.ts'
import { inQuery, payload } from './bindings.ts'
import { right } from './right.ts'
import { AccessControlPolicy } from './shapes/acl.ts'
import { objectInAddress, StringValue } from './shapes/primitives.ts'

/** Shows the access control list of a version. */
export const getObjectAcl = operation('GetObjectAcl', {
  http: { method: 'GET', target: 'object', query: 'acl' },
  rights: [right('s3:GetObjectAcl', 'object', 's3:GetObjectVersionAcl')],
  input: structure({
    ...objectInAddress,
    VersionId: inQuery('versionId', StringValue),
  }),
  output: structure({ AccessControlPolicy: payload(AccessControlPolicy, 'AccessControlPolicy') }),
  errors: ['NoSuchKey'],
})
