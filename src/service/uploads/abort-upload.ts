import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
import type { UploadAddress } from './upload-part.ts'

/** Ends an upload and removes its parts, also one that is being stored meanwhile. Errors (S3): `NoSuchUpload`, `NoSuchBucket`, `InvalidAccessKeyId`. */
export async function abortUpload(
  _context: ServiceContext,
  _admission: Admission,
  _address: UploadAddress,
): Promise<void> {
  throw new ServiceError('NotImplemented')
}
