import { s3FormOf } from '../../src/s3/errors.ts'
import { isDomainError } from '../../src/service/errors/domain-error.ts'
import { S3Error } from '../../src/s3/s3-error.ts'

/** The code by which S3 tells of what was thrown; undefined where it is a fault of the program. */
export function s3CodeOf(error: unknown): string | undefined {
  if (error instanceof S3Error) return error.code
  return isDomainError(error) ? s3FormOf(error).code : undefined
}
