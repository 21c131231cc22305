import type { S3ErrorCode } from '../model/s3/errors.ts'

/** Bytes or headers of a request that are not what the S3 protocol allows. Callers branch on `code`. */
export class ProtocolFailure extends Error {
  override readonly name = 'ProtocolFailure'
  readonly code: S3ErrorCode
  /** More for the response, where S3 gives it: names and numbers. */
  readonly details: Readonly<Record<string, number | string>>

  /** `message`: what was expected, what came, and where; the catalogue's text is used when it is absent. */
  constructor(code: S3ErrorCode, message = '', details: Readonly<Record<string, number | string>> = {}) {
    super(message)
    this.code = code
    this.details = details
  }
}
