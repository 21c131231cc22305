import type { AnyOperationHandler } from '../operation-handler.ts'
import * as bucket from './bucket/bucket.ts'
import * as getObject from './object/get-object.ts'
import * as putObject from './object/put-object.ts'
import * as copyObject from './object/copy-object.ts'
import * as deleteObjects from './object/delete-objects.ts'
import * as versionTagging from './version/tagging.ts'
import * as versionAcl from './version/acl.ts'
import * as versionObjectLock from './version/object-lock.ts'
import * as multipartUpload from './upload/multipart-upload.ts'
import * as uploadPart from './upload/upload-part.ts'
import * as listBuckets from './listing/list-buckets.ts'
import * as listObjects from './listing/list-objects.ts'
import * as listObjectVersions from './listing/list-object-versions.ts'
import * as listUploads from './listing/list-uploads.ts'
import * as bucketAcl from './settings/acl.ts'
import * as bucketCors from './settings/cors.ts'
import * as bucketEncryption from './settings/encryption.ts'
import * as bucketLifecycle from './settings/lifecycle.ts'
import * as bucketLogging from './settings/logging.ts'
import * as bucketObjectLock from './settings/object-lock.ts'
import * as bucketOwnershipControls from './settings/ownership-controls.ts'
import * as bucketPolicy from './settings/policy.ts'
import * as bucketPublicAccessBlock from './settings/public-access-block.ts'
import * as bucketTagging from './settings/tagging.ts'
import * as bucketVersioning from './settings/versioning.ts'

/** The files of this folder, by resource: each exports its handlers and nothing else. */
const FAMILIES: readonly Readonly<Record<string, AnyOperationHandler>>[] = [
  bucket,
  getObject,
  putObject,
  copyObject,
  deleteObjects,
  versionTagging,
  versionAcl,
  versionObjectLock,
  multipartUpload,
  uploadPart,
  listBuckets,
  listObjects,
  listObjectVersions,
  listUploads,
  bucketAcl,
  bucketCors,
  bucketEncryption,
  bucketLifecycle,
  bucketLogging,
  bucketObjectLock,
  bucketOwnershipControls,
  bucketPolicy,
  bucketPublicAccessBlock,
  bucketTagging,
  bucketVersioning,
]

/** Every operation that the data plane offers. */
export const S3_OPERATIONS: readonly AnyOperationHandler[] = FAMILIES.flatMap((family) =>
  Object.values(family),
)
