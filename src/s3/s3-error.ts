import { UntracedError } from '../base/untraced-error.ts'
import { s3Errors, type S3ErrorCode } from '../model/s3/errors.ts'

/** More about a failure, for the response: elements of the document, and headers (see errorResponse). Never a secret. */
export type S3ErrorDetails = Readonly<Record<string, string | number | boolean>>

/** An error as S3 answers it; its status, and its message when it has none of its own, are in the catalogue (model/s3/errors.ts). */
export interface S3ErrorForm {
  readonly code: S3ErrorCode
  readonly message?: string
  readonly details?: S3ErrorDetails
}

/**
 * What is wrong with a request to S3, as S3 answers it. Thrown for what is wrong with the request as such; what a rule refuses is a DomainError,
 * and becomes one of these in `errors.ts`.
 */
export class S3Error extends UntracedError {
  override readonly name = 'S3Error'
  readonly code: S3ErrorCode
  readonly details: S3ErrorDetails

  /** `message`: what was expected, what came, and where; the catalogue's text is used when it is absent or empty. */
  constructor(
    code: S3ErrorCode,
    message?: string,
    options: { readonly details?: S3ErrorDetails; readonly cause?: unknown } = {},
  ) {
    super(message || s3Errors[code].message, options)
    this.code = code
    this.details = options.details ?? {}
  }

  /** The HTTP status. */
  get status(): number {
    return s3Errors[this.code].status
  }
}
