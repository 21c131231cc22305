import type { LightsailErrorCode } from '../model/lightsail/errors.ts'
import type { S3ErrorCode } from '../model/s3/errors.ts'

/** A code of either API's catalogue. */
export type ErrorCode = LightsailErrorCode | S3ErrorCode

/** More about a failure, for the response: names and values, never a secret. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>

/**
 * What is wrong with a request as such, with a code of the API that it came by. Callers branch on `code`, never on the message. Rules throw
 * DomainError instead.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  /** `message`: what was expected, what came, and where; the catalogue's text is used when it is absent. */
  constructor(
    code: ErrorCode,
    message?: string,
    options: { readonly details?: ErrorDetails; readonly cause?: unknown } = {},
  ) {
    // Nobody looks for a bug at the place of an expected failure, and to trace the stack costs more than the rest of the response.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(message ?? '', 'cause' in options ? { cause: options.cause } : undefined)
    Error.stackTraceLimit = stackTraceLimit
    this.code = code
    this.details = options.details ?? {}
  }
}
