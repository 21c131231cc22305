import type { AnyOperationHandler } from '../operation-handler.ts'
import { abortMultipartUploadHandler } from './abort-multipart-upload.ts'
import { completeMultipartUploadHandler } from './complete-multipart-upload.ts'
import { copyObjectHandler } from './copy-object.ts'
import { createBucketHandler } from './create-bucket.ts'
import { createMultipartUploadHandler } from './create-multipart-upload.ts'
import { deleteBucketHandler } from './delete-bucket.ts'
import { deleteBucketCorsHandler } from './delete-bucket-cors.ts'
import { deleteBucketEncryptionHandler } from './delete-bucket-encryption.ts'
import { getBucketLifecycleConfigurationHandler } from './get-bucket-lifecycle-configuration.ts'
import { putBucketLifecycleConfigurationHandler } from './put-bucket-lifecycle-configuration.ts'
import { deleteBucketLifecycleHandler } from './delete-bucket-lifecycle.ts'
import { deleteBucketOwnershipControlsHandler } from './delete-bucket-ownership-controls.ts'
import { deleteBucketPolicyHandler } from './delete-bucket-policy.ts'
import { deleteBucketTaggingHandler } from './delete-bucket-tagging.ts'
import { deleteObjectHandler } from './delete-object.ts'
import { deleteObjectTaggingHandler } from './delete-object-tagging.ts'
import { deleteObjectsHandler } from './delete-objects.ts'
import { deletePublicAccessBlockHandler } from './delete-public-access-block.ts'
import { getBucketAclHandler } from './get-bucket-acl.ts'
import { getBucketCorsHandler } from './get-bucket-cors.ts'
import { getBucketEncryptionHandler } from './get-bucket-encryption.ts'
import { getBucketLocationHandler } from './get-bucket-location.ts'
import { getBucketLoggingHandler } from './get-bucket-logging.ts'
import { getBucketOwnershipControlsHandler } from './get-bucket-ownership-controls.ts'
import { getBucketPolicyHandler } from './get-bucket-policy.ts'
import { getBucketPolicyStatusHandler } from './get-bucket-policy-status.ts'
import { getBucketTaggingHandler } from './get-bucket-tagging.ts'
import { getBucketVersioningHandler } from './get-bucket-versioning.ts'
import { getObjectHandler } from './get-object.ts'
import { getObjectAclHandler } from './get-object-acl.ts'
import { getObjectAttributesHandler } from './get-object-attributes.ts'
import { getObjectLegalHoldHandler } from './get-object-legal-hold.ts'
import { getObjectLockConfigurationHandler } from './get-object-lock-configuration.ts'
import { getObjectRetentionHandler } from './get-object-retention.ts'
import { getObjectTaggingHandler } from './get-object-tagging.ts'
import { getPublicAccessBlockHandler } from './get-public-access-block.ts'
import { headBucketHandler } from './head-bucket.ts'
import { headObjectHandler } from './head-object.ts'
import { listBucketsHandler } from './list-buckets.ts'
import { listMultipartUploadsHandler } from './list-multipart-uploads.ts'
import { listObjectVersionsHandler } from './list-object-versions.ts'
import { listObjectsHandler } from './list-objects.ts'
import { listObjectsV2Handler } from './list-objects-v2.ts'
import { listPartsHandler } from './list-parts.ts'
import { putBucketAclHandler } from './put-bucket-acl.ts'
import { putBucketCorsHandler } from './put-bucket-cors.ts'
import { putBucketEncryptionHandler } from './put-bucket-encryption.ts'
import { putBucketLoggingHandler } from './put-bucket-logging.ts'
import { putBucketOwnershipControlsHandler } from './put-bucket-ownership-controls.ts'
import { putBucketPolicyHandler } from './put-bucket-policy.ts'
import { putBucketTaggingHandler } from './put-bucket-tagging.ts'
import { putBucketVersioningHandler } from './put-bucket-versioning.ts'
import { putObjectHandler } from './put-object.ts'
import { putObjectAclHandler } from './put-object-acl.ts'
import { putObjectLegalHoldHandler } from './put-object-legal-hold.ts'
import { putObjectLockConfigurationHandler } from './put-object-lock-configuration.ts'
import { putObjectRetentionHandler } from './put-object-retention.ts'
import { putObjectTaggingHandler } from './put-object-tagging.ts'
import { putPublicAccessBlockHandler } from './put-public-access-block.ts'
import { uploadPartHandler } from './upload-part.ts'
import { uploadPartCopyHandler } from './upload-part-copy.ts'

/** Every operation that the data plane offers. */
export const S3_OPERATIONS: readonly AnyOperationHandler[] = [
  abortMultipartUploadHandler,
  completeMultipartUploadHandler,
  copyObjectHandler,
  createBucketHandler,
  createMultipartUploadHandler,
  deleteBucketHandler,
  deleteBucketCorsHandler,
  deleteBucketEncryptionHandler,
  deleteBucketLifecycleHandler,
  getBucketLifecycleConfigurationHandler,
  putBucketLifecycleConfigurationHandler,
  deleteBucketOwnershipControlsHandler,
  deleteBucketPolicyHandler,
  deleteBucketTaggingHandler,
  deleteObjectHandler,
  deleteObjectTaggingHandler,
  deleteObjectsHandler,
  deletePublicAccessBlockHandler,
  getBucketAclHandler,
  getBucketCorsHandler,
  getBucketEncryptionHandler,
  getBucketLocationHandler,
  getBucketLoggingHandler,
  getBucketOwnershipControlsHandler,
  getBucketPolicyHandler,
  getBucketPolicyStatusHandler,
  getBucketTaggingHandler,
  getBucketVersioningHandler,
  getObjectHandler,
  getObjectAclHandler,
  getObjectAttributesHandler,
  getObjectLegalHoldHandler,
  getObjectLockConfigurationHandler,
  getObjectRetentionHandler,
  getObjectTaggingHandler,
  getPublicAccessBlockHandler,
  headBucketHandler,
  headObjectHandler,
  listBucketsHandler,
  listMultipartUploadsHandler,
  listObjectVersionsHandler,
  listObjectsHandler,
  listObjectsV2Handler,
  listPartsHandler,
  putBucketAclHandler,
  putBucketCorsHandler,
  putBucketEncryptionHandler,
  putBucketLoggingHandler,
  putBucketOwnershipControlsHandler,
  putBucketPolicyHandler,
  putBucketTaggingHandler,
  putBucketVersioningHandler,
  putObjectHandler,
  putObjectAclHandler,
  putObjectLegalHoldHandler,
  putObjectLockConfigurationHandler,
  putObjectRetentionHandler,
  putObjectTaggingHandler,
  putPublicAccessBlockHandler,
  uploadPartHandler,
  uploadPartCopyHandler,
]
