import { enumeration, list, optional, required, structure } from '../../shape.ts'
import { inHeader } from '../bindings.ts'
import { Owner } from './owner.ts'
import { StringValue } from './primitives.ts'

/** An access control list of a bucket by its short name. */
export const BucketCannedAcl = enumeration([
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'log-delivery-write',
])

/** An access control list of an object by its short name. */
export const ObjectCannedAcl = enumeration([
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
])

/** What a grant allows. */
const Permission = enumeration(['FULL_CONTROL', 'WRITE', 'WRITE_ACP', 'READ', 'READ_ACP'])

/** Whom a grant is for: an account by its id, or a group by its URI. */
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

/** One permission for one grantee. */
const Grant = structure({ Grantee: required(Grantee), Permission: required(Permission) })

/** The most grants that an ACL has, or a log's. */
export const GRANTS_MAX = 100

/** The grants of a list. */
const Grants = list(Grant, { memberName: 'Grant', lengthMax: GRANTS_MAX })

/** An access control list as a document: the owner and the grants. */
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

/** The headers that grant permissions on a bucket, one for each permission. */
export const bucketGrantHeaders = {
  ...objectGrantHeaders,
  GrantWrite: inHeader('x-amz-grant-write', StringValue),
}
