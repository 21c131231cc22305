import { UntracedError } from '../base/untraced-error.ts'
import { lightsailErrors, type LightsailErrorCode } from '../model/lightsail/errors.ts'

/**
 * What is wrong with a request to Lightsail's API or Lugsail's own, as they answer it. Thrown for what is wrong with the request as such; what a
 * rule refuses is a DomainError, and gets its code and words in `errors.ts`.
 */
export class ControlError extends UntracedError {
  override readonly name = 'ControlError'
  readonly code: LightsailErrorCode
  /** What to do about it, for this very request; null where there is nothing to tell. Never a secret. */
  readonly hint: string | null

  /** `message`: what was expected, what came, and where. */
  constructor(
    code: LightsailErrorCode,
    message: string,
    options: { readonly hint?: string | null; readonly cause?: unknown } = {},
  ) {
    super(message, options)
    this.code = code
    this.hint = options.hint ?? null
  }

  /** The HTTP status. */
  get status(): number {
    return lightsailErrors[this.code]
  }
}
