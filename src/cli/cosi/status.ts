import { ClientError, ParameterValidationError, ServiceFault, TransportError } from '../../client/errors.ts'
import { CredentialError } from '../credentials/credential-error.ts'

/** The codes of gRPC that the driver answers with, by their names there. */
export type StatusCode =
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'PERMISSION_DENIED'
  | 'RESOURCE_EXHAUSTED'
  | 'FAILED_PRECONDITION'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'UNAUTHENTICATED'

/** A refusal of a call, as its caller gets it; the message may be shown to people, and has no secret. */
export class StatusError extends Error {
  readonly status: StatusCode

  constructor(status: StatusCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.status = status
  }
}

/** What errors of the server's API are to the caller. INVALID_ARGUMENT is not tried again, so nothing that passes may be one. */
const FAULTS: Readonly<Record<string, StatusCode>> = {
  AccessDeniedException: 'PERMISSION_DENIED',
  NotFoundException: 'NOT_FOUND',
  InvalidInputException: 'INVALID_ARGUMENT',
  SerializationException: 'INVALID_ARGUMENT',
  RequestEntityTooLargeException: 'INVALID_ARGUMENT',
  UnauthenticatedException: 'UNAUTHENTICATED',
  UnrecognizedClientException: 'UNAUTHENTICATED',
  InvalidSignatureException: 'UNAUTHENTICATED',
  IncompleteSignatureException: 'UNAUTHENTICATED',
  MissingAuthenticationTokenException: 'UNAUTHENTICATED',
  ServiceUnavailableException: 'UNAVAILABLE',
  // A server that does not have Lugsail's own API: an older one, or Amazon's.
  UnknownOperationException: 'FAILED_PRECONDITION',
}

/** Refusals that the API has one code for, by what their message says. */
const BY_MESSAGE: readonly (readonly [RegExp, StatusCode])[] = [
  [/which is the most it may/, 'RESOURCE_EXHAUSTED'],
  [/^The bucket name is already in use/, 'ALREADY_EXISTS'],
  [/cannot be deleted/, 'FAILED_PRECONDITION'],
]

/** Any error as what the caller gets. What nobody foresaw says nothing of itself there. */
export function toStatus(error: unknown): StatusError {
  if (error instanceof StatusError) return error
  if (error instanceof ServiceFault) {
    const reason = error.message.replace(
      /^An error occurred \([^)]*\) when calling the \w+ operation(?: \([^)]*\))?: /,
      '',
    )
    const special = BY_MESSAGE.find(
      ([pattern]) => error.code === 'InvalidInputException' && pattern.test(reason),
    )
    const status = special?.[1] ?? FAULTS[error.code] ?? (error.status >= 500 ? 'UNAVAILABLE' : 'INTERNAL')
    return new StatusError(status, `${error.code}: ${reason}`, error)
  }
  if (error instanceof ParameterValidationError)
    return new StatusError('INVALID_ARGUMENT', error.message, error)
  if (error instanceof TransportError) return new StatusError('UNAVAILABLE', error.message, error)
  if (error instanceof CredentialError) return new StatusError('UNAUTHENTICATED', error.message, error)
  if (error instanceof ClientError) return new StatusError('FAILED_PRECONDITION', error.message, error)
  return new StatusError('INTERNAL', 'The driver failed; its log says why', error)
}
