import type { S3ErrorCode } from '../model/s3/errors.ts'

/** Bytes or headers of a request that are not what the S3 protocol allows. Callers branch on `code`. */
export class ProtocolFailure extends Error {
  override readonly name = 'ProtocolFailure'
  readonly code: S3ErrorCode

  /** `message`: what was expected, what came, and where. */
  constructor(code: S3ErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
