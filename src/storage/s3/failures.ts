import { S3ServiceException } from './client-package.ts'
import { StoreUnavailable } from '../metadata-store.ts'

/**
 * The failure as callers know it. Whatever the cluster says, a blob is called missing only by `isMissingKey`: a bucket that is gone, a login that
 * is refused, and a proxy that answers 404 are all an unavailable store.
 */
export function unavailable(where: string, error: unknown): StoreUnavailable {
  if (error instanceof StoreUnavailable) return error
  if (error instanceof S3ServiceException) {
    const status = error.$metadata.httpStatusCode
    const hint = HINTS[error.name]
    return new StoreUnavailable(
      `${where}: ${error.name}${status === undefined ? '' : ` (HTTP ${status})`}: ${error.message}${hint ? `. ${hint}` : ''}`,
      { cause: error },
    )
  }
  // Node's own connection errors of several addresses have an empty message and a code.
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const words = error instanceof Error && error.message !== '' ? error.message : (code ?? 'unknown failure')
  const hint = CONNECTION_HINTS.find(([sign]) => sign.test(`${code ?? ''} ${words}`))?.[1]
  return new StoreUnavailable(`${where}: ${words.trim()}${hint ? `. ${hint}` : ''}`, { cause: error })
}

/** Whether the cluster said that this key, and nothing else, does not exist. */
export function isMissingKey(error: unknown): boolean {
  return error instanceof S3ServiceException && error.name === 'NoSuchKey'
}

/** Whether the range begins behind the end. */
export function isUnsatisfiableRange(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 416
}

const REGION_HINT = 'Name the bucket’s region in the URL, as in &region=eu-west-1'

/** What the system or the HTTP client says, and what it comes from most. */
const CONNECTION_HINTS: readonly (readonly [sign: RegExp, hint: string])[] = [
  [/wrong version number|EPROTO/, 'The cluster seems to speak no TLS there: the endpoint may be http://'],
  [/socket hang up|ECONNRESET/, 'The cluster may speak TLS there: the endpoint may be https://'],
  [/ECONNREFUSED/, 'Nothing listens there; is the cluster running, and the port right?'],
  [/ENOTFOUND|EAI_AGAIN/, 'The host of the endpoint is not known'],
  [
    /self[- ]signed|unable to (?:verify|get)/,
    'NODE_EXTRA_CA_CERTS names the file of the certificate that signed the cluster’s',
  ],
]

const HINTS: Readonly<Record<string, string>> = {
  PermanentRedirect: REGION_HINT,
  AuthorizationHeaderMalformed: REGION_HINT,
  IllegalLocationConstraintException: REGION_HINT,
  RequestTimeTooSkewed: 'Set the clock of this machine, or the cluster’s',
  MethodNotAllowed: 'This seems to be no S3 endpoint',
  NoSuchBucket: 'Create the bucket first',
  NotFound: 'Create the bucket first',
  AccessDenied: 'The key must be allowed to list the bucket and to put, get and delete its objects',
  Forbidden: 'The key must be allowed to list the bucket and to put, get and delete its objects',
  InvalidAccessKeyId: 'The cluster does not know this access key',
  SignatureDoesNotMatch: 'The secret access key or the region is not the right one',
  CredentialsProviderError: 'Give credentials in the URL, the environment or the shared credentials file',
}
