import { enumeration, list, optional, required, structure } from '../../shape.ts'
import { inHeader } from '../bindings.ts'
import { Owner } from './owner.ts'
import { StringValue } from './primitives.ts'

export const BucketCannedAcl = enumeration([
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'log-delivery-write',
])

export const ObjectCannedAcl = enumeration([
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
])

export const Permission = enumeration(['FULL_CONTROL', 'WRITE', 'WRITE_ACP', 'READ', 'READ_ACP'])

export const Grantee = structure(
  {
    Type: required(enumeration(['CanonicalUser', 'AmazonCustomerByEmail', 'Group']), {
      xmlName: 'xsi:type',
      isXmlAttribute: true,
    }),
    ID: StringValue,
    DisplayName: StringValue,
    EmailAddress: StringValue,
    URI: StringValue,
  },
  { name: 'Grantee' },
)

export const Grant = structure({ Grantee: required(Grantee), Permission: required(Permission) })
export const Grants = list(Grant, { memberName: 'Grant', lengthMax: 100 })

export const AccessControlPolicy = structure(
  { Owner: Owner, Grants: optional(Grants, { xmlName: 'AccessControlList' }) },
  { name: 'AccessControlPolicy' },
)

/** Grants that a request gives in headers, each a list of `id="…"`, `uri="…"` or `emailAddress="…"`. */
export const objectGrantHeaders = {
  GrantFullControl: inHeader('x-amz-grant-full-control', StringValue),
  GrantRead: inHeader('x-amz-grant-read', StringValue),
  GrantReadACP: inHeader('x-amz-grant-read-acp', StringValue),
  GrantWriteACP: inHeader('x-amz-grant-write-acp', StringValue),
}
export const bucketGrantHeaders = {
  ...objectGrantHeaders,
  GrantWrite: inHeader('x-amz-grant-write', StringValue),
}
