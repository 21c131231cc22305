import { ERRORS_OF_BUCKET_OPERATIONS } from '../lightsail/errors.ts'
import { BucketName, StringValue } from '../lightsail/shapes/primitives.ts'
import { operation } from '../operation.ts'
import { POLICY_BYTES_MAX } from '../s3/shapes/policy.ts'
import { OBJECT_KEY_BYTES_MAX } from '../s3/shapes/primitives.ts'
import { enumeration, list, optional, required, string, structure } from '../shape.ts'
import { AnyAccessKeyId } from './access-key-shapes.ts'

/** What is told of: reading, writing, listing and deleting objects, and what a bucket's key may set of its bucket. */
export const BUCKET_DOINGS = ['read', 'write', 'list', 'delete', 'settings'] as const

/** How it is decided; it depends where the ACL or the tags of an object, or what a request says besides, decide. */
export const ACCESS_OUTCOMES = ['allowed', 'denied', 'depends'] as const

/** The rules that decide. */
export const ACCESS_RULES = [
  'account',
  'key',
  'key-rights',
  'key-buckets',
  'key-prefixes',
  'key-networks',
  'key-stopped',
  'bucket-policy',
  'key-policy',
  'public-access',
  'account-only',
  'no-grant',
  'object',
] as const

const BucketAccess = structure(
  {
    doing: required(enumeration(BUCKET_DOINGS, { name: 'BucketDoing' })),
    action: required(StringValue, { doc: 'The action of S3 that it was tried with.' }),
    outcome: required(enumeration(ACCESS_OUTCOMES, { name: 'AccessOutcome' })),
    rule: required(enumeration(ACCESS_RULES, { name: 'AccessRule' }), {
      doc: 'account and key: who is on the owning side needs no grant. key-rights, key-buckets, key-prefixes, key-networks and key-policy: bounds of the key. key-stopped: it is Inactive or over. bucket-policy: the statement of the bucket’s policy. public-access: the access rules of the bucket. account-only: it takes the account’s own key. no-grant: nothing lets in. object: the object’s ACL decides.',
    }),
    statement: optional(StringValue, {
      doc: 'Of bucket-policy: the Sid of the statement, or its place in the policy, #1 the first.',
    }),
    conditions: optional(list(StringValue, { name: 'DecidingConditionList' }), {
      doc: 'Of depends: the condition keys that decide, as policies write them, such as aws:SourceIp, which stands for the networks of a key, too. None where the object’s ACL alone decides.',
    }),
  },
  { name: 'BucketAccess', doc: 'Whether something may be done in the bucket, and by which rule.' },
)

/** Tells what a key may do in a bucket, and why. */
export const getBucketAccess = operation('GetBucketAccess', {
  api: 'lugsail',
  isOpenToAccounts: true,
  refusesUnknownMembers: true,
  doc: 'Tells what an access key of the account, or somebody without a key, may do in a bucket of the account, and which rule decides it. Nothing is done: each action is put to the rules that decide on requests.',
  input: structure(
    {
      bucketName: required(BucketName),
      accessKeyId: optional(AnyAccessKeyId, {
        doc: 'The key: the account’s, a bucket’s, an application key or a resource’s. Somebody without a key when absent.',
      }),
      objectKey: optional(
        string({ name: 'AccessObjectKey', lengthMin: 1, lengthMax: OBJECT_KEY_BYTES_MAX }),
        {
          doc: 'The object; a listing is asked for what begins with it. An object whose name no rule has when absent, and a listing of the whole bucket.',
        },
      ),
      sourceAddress: optional(string({ name: 'SourceAddress', lengthMin: 2, lengthMax: 45 }), {
        doc: 'The IP address that the request comes from. When absent, what an address decides depends on it.',
      }),
      policy: optional(string({ name: 'DraftPolicy', lengthMin: 1, lengthMax: POLICY_BYTES_MAX }), {
        doc: 'A bucket policy to be tried in the place of the bucket’s own.',
      }),
    },
    { name: 'GetBucketAccessRequest' },
  ),
  output: structure(
    { access: required(list(BucketAccess, { name: 'BucketAccessList' })) },
    { name: 'GetBucketAccessResult' },
  ),
  errors: ERRORS_OF_BUCKET_OPERATIONS,
})
