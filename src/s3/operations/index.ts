import type { AnyOperationHandler } from '../operation-handler.ts'
import { abortMultipartUploadHandler } from './abort-multipart-upload.ts'
import { completeMultipartUploadHandler } from './complete-multipart-upload.ts'
import { copyObjectHandler } from './copy-object.ts'
import { createBucketHandler } from './create-bucket.ts'
import { deleteBucketHandler } from './delete-bucket.ts'
import { listBucketsHandler } from './list-buckets.ts'
import { createMultipartUploadHandler } from './create-multipart-upload.ts'
import { deleteObjectHandler } from './delete-object.ts'
import { deleteObjectsHandler } from './delete-objects.ts'
import { getBucketLocationHandler } from './get-bucket-location.ts'
import { getObjectHandler } from './get-object.ts'
import { headBucketHandler } from './head-bucket.ts'
import { headObjectHandler } from './head-object.ts'
import { listMultipartUploadsHandler } from './list-multipart-uploads.ts'
import { listObjectsHandler } from './list-objects.ts'
import { listObjectsV2Handler } from './list-objects-v2.ts'
import { listPartsHandler } from './list-parts.ts'
import { putObjectHandler } from './put-object.ts'
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
  listBucketsHandler,
  deleteObjectHandler,
  deleteObjectsHandler,
  getBucketLocationHandler,
  getObjectHandler,
  headBucketHandler,
  headObjectHandler,
  listMultipartUploadsHandler,
  listObjectsHandler,
  listObjectsV2Handler,
  listPartsHandler,
  putObjectHandler,
  uploadPartHandler,
  uploadPartCopyHandler,
]
