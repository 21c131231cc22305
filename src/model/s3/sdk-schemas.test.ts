import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as sdk from '@aws-sdk/client-s3'
import { compare, operationOf, ours, theirs } from '../../../test/sdk-schemas.ts'
import type { Description } from '../../../test/sdk-schemas.ts'
import type { Operation } from '../operation.ts'
import * as bucket from './bucket/bucket.ts'
import * as listBuckets from './listing/list-buckets.ts'
import * as listObjectVersions from './listing/list-object-versions.ts'
import * as listObjects from './listing/list-objects.ts'
import * as listUploads from './listing/list-uploads.ts'
import * as copyObject from './object/copy-object.ts'
import * as deleteObjects from './object/delete-objects.ts'
import * as getObject from './object/get-object.ts'
import * as putObject from './object/put-object.ts'
import * as bucketAcl from './settings/acl.ts'
import * as cors from './settings/cors.ts'
import * as encryption from './settings/encryption.ts'
import * as lifecycle from './settings/lifecycle.ts'
import * as logging from './settings/logging.ts'
import * as bucketLock from './settings/object-lock.ts'
import * as ownershipControls from './settings/ownership-controls.ts'
import * as policy from './settings/policy.ts'
import * as publicAccessBlock from './settings/public-access-block.ts'
import * as bucketTagging from './settings/tagging.ts'
import * as versioning from './settings/versioning.ts'
import * as multipartUpload from './upload/multipart-upload.ts'
import * as uploadPart from './upload/upload-part.ts'
import * as objectAcl from './version/acl.ts'
import * as objectLock from './version/object-lock.ts'
import * as objectTagging from './version/tagging.ts'

const MODULES: readonly object[] = [
  bucket,
  listBuckets,
  listObjectVersions,
  listObjects,
  listUploads,
  copyObject,
  deleteObjects,
  getObject,
  putObject,
  bucketAcl,
  cors,
  encryption,
  lifecycle,
  logging,
  bucketLock,
  ownershipControls,
  policy,
  publicAccessBlock,
  bucketTagging,
  versioning,
  multipartUpload,
  uploadPart,
  objectAcl,
  objectLock,
  objectTagging,
]

const isOperation = (value: unknown): value is Operation =>
  typeof value === 'object' && value !== null && 'name' in value && 'http' in value

/** What the SDK has no member for: a body's checksums, which it computes, what is read so that it is refused, and what the SDK calls otherwise. */
const OURS_ALONE =
  /^\.(?:Checksum\w+|ContentMD5|IfRange|StatusCode|MfaDelete|IfMatch|IfNoneMatch|ServerSideEncryption|VersionId|Entries\b.*|(?:.*\.)?(?:Noncurrent\w*|NewerNoncurrentVersions|Date|Days|MfaDelete|DataRedundancy|Name))$/
/** What is not offered, and read where every operation takes it: whom a request is for, who pays, and keys of others. */
const THEIRS_ALONE =
  /^\.(?:.*\.)?(?:ExpectedBucketOwner|ExpectedSourceBucketOwner|RequestPayer|RequestCharged|MFA|MFADelete|BucketLocation\w+|AccessPointAlias|Restore|RestoreStatus\b.*|ArchiveStatus|ExpiresString|SSEKMS\w+|BucketKeyEnabled|ReplicationStatus|\w*EventHold\w*(?:\..*)?|Abort(?:Date|RuleId)|ContentLength|WriteOffsetBytes|Size|AnnotationDirective|VersionId|IfMatchInitiatedTime|Token|Versions\b.*|DeleteMarkers\b.*)$/

/** A document that is a member of ours is what comes out itself in the SDK. */
function unwrapped(mine: Description, other: Description): Description {
  const document = Object.keys(mine).find(
    (path) => mine[path]?.includes('structure payload ') === true && !Object.hasOwn(other, path),
  )
  if (document === undefined) return mine
  return Object.fromEntries(
    Object.entries(mine).flatMap(([path, facts]) =>
      path === document
        ? []
        : [[path.startsWith(`${document}.`) ? path.slice(document.length) : path, facts]],
    ),
  )
}

/** S3 answers these with 204, whatever the SDK says. */
const OWN_STATUS: Readonly<Record<string, number>> = { PutBucketPolicy: 204, PutBucketTagging: 204 }

describe('the model of S3’s API', () => {
  const operations = MODULES.flatMap((module) => Object.values(module) as unknown[])
    .filter(isOperation)
    .filter(({ name }) => Object.hasOwn(sdk, `${name}$`))
  it('is of operations that the SDK has', () => assert.ok(operations.length > 50))

  for (const { name, http, input, output } of operations)
    it(`${name} is asked for and has its members as the SDK has them`, () => {
      const described = operationOf(sdk, name)
      const [method, address, status] = described.traits['http'] as unknown as [string, string, number]
      const [path = '', query = ''] = address.split('?')
      const marks = query.split('&').filter((part) => part !== '' && !part.startsWith('x-id='))
      assert.deepEqual([http?.method, http?.status ?? 200], [method, OWN_STATUS[name] ?? status])
      if (name !== 'ListBuckets') assert.equal(http?.target, path.includes('{Key+}') ? 'object' : 'bucket')
      // What tells an operation from others is an argument of its own, or one of its members.
      if (marks.length > 0) assert.deepEqual([http?.query], marks)
      else if (http?.query !== undefined)
        assert.ok(
          Object.values(input.members).some(
            ({ location }) => location?.in === 'query' && location.name === http.query,
          ),
        )
      for (const [shape, schema] of [
        [input, described.input],
        [output, described.output],
      ] as const) {
        const description = theirs(schema, true)
        const { mine, other } = compare(unwrapped(ours(shape, true), description), description)
        assert.deepEqual(
          [mine.filter((path) => !OURS_ALONE.test(path)), other.filter((path) => !THEIRS_ALONE.test(path))],
          [[], []],
        )
      }
    })
})
