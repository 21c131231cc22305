import type { S3ErrorCode } from '../model/s3/errors.ts'
import type { ErrorDetails } from '../service/errors.ts'

/** An error as S3 answers it; its status, and its message when it has none of its own, are in the catalogue (model/s3/errors.ts). */
export interface S3ErrorForm {
  readonly code: S3ErrorCode
  readonly message?: string
  /** Elements of the document, and headers (see errorResponse). */
  readonly details?: ErrorDetails
}
