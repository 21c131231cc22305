import { terminalLine } from '../../base/terminal-text.ts'
import { S3ServiceException } from '@aws-sdk/client-s3'
import type { Place } from './place.ts'
import { placeText } from './place.ts'

const AMAZON = "Amazon's S3"
const FILE_FOR_FOLDER = 'a file stands where a folder is needed'

/** What was tried when an error came, as far as that is known. */
export interface Attempt {
  readonly endpoint?: string | undefined
  readonly place?: Place | undefined
}

/** What went wrong and what to do about it, in one line. */
export function explainError(error: unknown, attempt: Attempt = {}): string {
  return terminalLine(withCause(error, attempt)).replace(/\.$/, '')
}

function withCause(error: unknown, attempt: Attempt): string {
  if (error instanceof S3ServiceException) return explainResponse(error, attempt)
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return silence(attempt)
  const cause = nodeErrorOf(error)
  return (cause === undefined ? undefined : explainNodeError(cause, attempt)) ?? error.message
}

function explainResponse(error: S3ServiceException, { place }: Attempt): string {
  const { name, message, $metadata } = error
  const bucketName = place?.kind === 'object' ? place.bucketName : ''
  const object = place === undefined ? 'The object' : placeText(place)
  const status = $metadata.httpStatusCode ?? 0
  if (name === 'NoSuchBucket')
    return `the bucket ${bucketName} does not exist; "lugsail ls" shows those that do, "lugsail create-bucket" makes one`
  if (name === 'NoSuchKey' || name === 'NotFound' || (status === 404 && name !== 'NoSuchUpload'))
    return `${object} does not exist; "lugsail ls s3://${bucketName}/" shows what does`
  if (name === 'InvalidAccessKeyId')
    return /(?: is inactive| expired at \S+)\.?$/.test(message)
      ? `${message.replace(/^The AWS Access Key Id you provided/, 'the access key').replace(/\.$/, '')}; "lugsail key show" and get-bucket-access-keys tell of it`
      : 'the access key is not known there: it was deleted or rotated, or belongs to another server; look at the profile and AWS_ACCESS_KEY_ID'
  if (name === 'SignatureDoesNotMatch')
    return 'the secret access key does not belong to the access key; look at the profile and AWS_SECRET_ACCESS_KEY'
  if (name === 'RequestTimeTooSkewed') return `${message} Set the clock of this machine right`
  if (status === 403 && place === undefined)
    return `these credentials may not list buckets (${name}). The key of a bucket opens that one: lugsail ls BUCKET`
  if (status === 403) {
    const refused = `these credentials may not do that with ${bucketName} (${describe(name, message)})`
    // Of keys that may do less the server has told what they are.
    return OTHER_KEYS.test(message) ? refused : `${refused}. The key of a bucket opens that one only`
  }
  return describe(name, message)
}

const OTHER_KEYS = / is the application key | stands for a session of /

/** A HEAD request has no body and so no message. */
const describe = (name: string, message: string): string =>
  message === '' || message === name || message === 'UnknownError' ? name : `${name}: ${message}`

interface NodeError extends Error {
  readonly code: string
  readonly path?: string
  readonly syscall?: string
}

const isNodeError = (error: unknown): error is NodeError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'

/** The first error with a code, of this one and what it came from. */
function nodeErrorOf(error: unknown): NodeError | undefined {
  if (isNodeError(error)) return error
  if (error instanceof AggregateError) return error.errors.map(nodeErrorOf).find((each) => each !== undefined)
  return error instanceof Error && error.cause !== undefined ? nodeErrorOf(error.cause) : undefined
}

const silence = ({ endpoint = AMAZON }: Attempt): string =>
  `${endpoint} fell silent; try again, or allow more time with --cli-read-timeout and --cli-connect-timeout`

function explainNodeError(error: NodeError, { endpoint = AMAZON }: Attempt): string | undefined {
  const path = error.path === undefined ? '' : `${error.path}: `
  switch (error.code) {
    case 'ECONNREFUSED':
      return `nothing answers at ${endpoint}; start the server ("lugsail serve"), or name another with --endpoint-url`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host of ${endpoint} has no address here; look at --endpoint-url and the profile`
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return `the connection to ${endpoint} was cut; try again`
    case 'ETIMEDOUT':
      return silence({ endpoint })
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return `${endpoint} does not speak TLS; perhaps it begins with http:// rather than https://`
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return `the certificate of ${endpoint} is signed by nobody known here (${error.code}); name it with --ca-bundle FILE`
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'CERT_HAS_EXPIRED':
      return `the certificate of ${endpoint} does not hold: ${error.message}`
    case 'ENOENT':
      return `${path}no such file or folder`
    case 'EACCES':
    case 'EPERM':
      return `${path}this user may not do that (${error.code})`
    case 'EISDIR':
      return `${path}is a folder; add --recursive to take all that is in it`
    case 'EEXIST':
      return error.syscall === 'open'
        ? `${path}exists already and is left as it is; name another file`
        : `${path}${FILE_FOR_FOLDER}`
    case 'ENOTDIR':
      return `${path}${FILE_FOR_FOLDER}`
    case 'ENAMETOOLONG':
      return `${path}the name is too long for a file here`
    case 'ENOSPC':
    case 'EDQUOT':
      return `${path}the disk is full (${error.code})`
    default:
      return undefined
  }
}
