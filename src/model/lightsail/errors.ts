/**
 * The control plane's errors: each code with its HTTP status. Codes are the API's own words and never change. The first group is
 * declared by Lightsail's operations; the second is what the front end of every AWS JSON service answers before an operation is reached.
 */
export const lightsailErrors = {
  AccessDeniedException: 400,
  AccountSetupInProgressException: 400,
  InvalidInputException: 400,
  NotFoundException: 400,
  OperationFailureException: 400,
  RegionSetupInProgressException: 400,
  ServiceException: 500,
  UnauthenticatedException: 400,

  ExpiredTokenException: 400,
  IncompleteSignatureException: 400,
  InvalidSignatureException: 403,
  MissingAuthenticationTokenException: 403,
  RequestEntityTooLargeException: 413,
  SerializationException: 400,
  ServiceUnavailableException: 503,
  UnknownOperationException: 400,
  UnrecognizedClientException: 403,
} as const satisfies Readonly<Record<string, number>>

/** The code of an error of the control plane. */
export type LightsailErrorCode = keyof typeof lightsailErrors

/** What any operation may answer. */
export const ERRORS_OF_EVERY_OPERATION = [
  'AccessDeniedException',
  'InvalidInputException',
  'ServiceException',
  'UnauthenticatedException',
  'RegionSetupInProgressException',
] as const

/** What an operation on a bucket may answer. */
export const ERRORS_OF_BUCKET_OPERATIONS = [...ERRORS_OF_EVERY_OPERATION, 'NotFoundException'] as const

/** What an operation that is not about buckets alone may answer: tags and operation records. */
export const ERRORS_OF_GENERAL_OPERATIONS = [
  ...ERRORS_OF_BUCKET_OPERATIONS,
  'OperationFailureException',
  'AccountSetupInProgressException',
] as const
