import type { StsErrorCode } from '../../model/sts/errors.ts'

/** A request to STS that is refused. */
export class StsFailure extends Error {
  override readonly name = 'StsFailure'
  readonly code: StsErrorCode

  constructor(code: StsErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
