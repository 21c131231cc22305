import type { S3ErrorCode } from '../model/s3/errors.ts'
import type { ProtocolFailure, ProtocolProblem } from '../protocol/protocol-failure.ts'
import { S3Error } from './s3-error.ts'

const CODES: Readonly<Record<ProtocolProblem, S3ErrorCode>> = {
  'checksum-headers': 'InvalidRequest',
  'checksum-mismatch': 'BadDigest',
  'form-field': 'InvalidArgument',
  'incomplete-body': 'IncompleteBody',
  'long-form': 'MaxPostPreDataLengthExceeded',
  'malformed-digest': 'InvalidDigest',
  'malformed-document': 'MalformedXML',
  'malformed-form': 'MalformedPOSTRequest',
  'malformed-trailer': 'MalformedTrailerError',
  'small-chunk': 'InvalidChunkSizeError',
}

/** What S3 answers to bytes or headers that are not what their protocol allows. */
export const protocolError = (failure: ProtocolFailure): S3Error =>
  new S3Error(CODES[failure.problem], failure.message, { details: failure.details, cause: failure })
