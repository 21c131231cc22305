import type { StsErrorCode } from '../../model/sts/errors.ts'

/** A request to STS that is refused. */
export class StsFailure extends Error {
  override readonly name = 'StsFailure'
  readonly code: StsErrorCode

  /** `cause`: what a log may say of it, and a response does not. */
  constructor(code: StsErrorCode, message: string, options?: { readonly cause: Error }) {
    super(message, options)
    this.code = code
  }
}
