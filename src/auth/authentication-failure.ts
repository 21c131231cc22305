/** Why a request could not be authenticated, in words of neither protocol; each protocol maps these to its own error codes. */
export type AuthenticationFailureReason =
  /** Signature version 2 where it is not taken. */
  | 'signature-version-unsupported'
  /** An Authorization header of another scheme (Basic, Bearer, …), or an unknown AWS4 algorithm. */
  | 'authorization-type-unsupported'
  /** A header that is not `TYPE CREDENTIALS`. */
  | 'authorization-shapeless'
  /** Both an Authorization header and signature arguments in the query. */
  | 'authorization-twofold'
  /** The Authorization header misses a component, or one of them is malformed. */
  | 'authorization-malformed'
  /** As `authorization-malformed`, for the X-Amz-* arguments of a presigned URL. */
  | 'query-malformed'
  /** A URL presigned by version 2 without one of its three arguments. */
  | 'version-2-incomplete'
  /** A URL presigned by version 2 whose Expires is no time. */
  | 'version-2-expires-malformed'
  /** Neither X-Amz-Date nor Date, or neither can be read. */
  | 'date-missing'
  /** The scope's date is not the day of the request's date. */
  | 'date-scope-mismatch'
  /** Scoped to another service. `details.expectedService`. */
  | 'service-wrong'
  /** Scoped to another region. `details.expectedRegion`. */
  | 'region-wrong'
  /** More than the allowed skew between the request's time and the server's. */
  | 'request-skewed'
  /** A presigned URL after its time. */
  | 'request-expired'
  /** A presigned URL whose time has not come. */
  | 'request-not-yet-valid'
  /** X-Amz-Expires is negative, or more than a week. */
  | 'expires-out-of-range'
  /** x-amz-content-sha256 is missing where it must be present. */
  | 'payload-hash-missing'
  /** x-amz-content-sha256 is no digest and no known marker. */
  | 'payload-hash-malformed'
  /** x-amz-content-sha256 announces signatures of chunks, and nothing is signed that they could follow. */
  | 'payload-hash-unsigned'
  /** A header that must be signed is not. `details.headersNotSigned`. */
  | 'headers-not-signed'
  /** A session token that does not belong to the access key id, or whose access key or role does not count any more; the message says which. */
  | 'session-token-invalid'
  /** A session token whose time is over. */
  | 'session-token-expired'
  | 'access-key-unknown'
  /** An access key that was switched off, or whose time is over; the message says which. */
  | 'access-key-stopped'
  | 'signature-mismatch'
  /** A signature of one chunk, or of the trailer, of an aws-chunked body. */
  | 'chunk-signature-mismatch'
  /** A browser form with a policy misses a field of its signature. `details.argumentName`. */
  | 'form-field-missing'
  /** A browser form's field of the signature is malformed. */
  | 'form-field-malformed'
  /** A browser form's policy document is no valid one. */
  | 'policy-malformed'
  /** A browser form that its policy does not allow, or no longer. */
  | 'policy-refused'

/** Where a request is signed. */
export type SignaturePlace = 'header' | 'query' | 'form'

/** For the response; never a secret. */
type AuthenticationFailureDetails = Readonly<Record<string, string | number>>

/** A request that cannot be authenticated. Callers branch on `reason`. */
export class AuthenticationFailure extends Error {
  override readonly name = 'AuthenticationFailure'
  readonly reason: AuthenticationFailureReason
  readonly details: AuthenticationFailureDetails
  /** Where the signature is that was read, as far as a response depends on it. */
  readonly place: SignaturePlace

  constructor(
    reason: AuthenticationFailureReason,
    message: string,
    details: AuthenticationFailureDetails = {},
    place: SignaturePlace = 'header',
  ) {
    super(message)
    this.place = place
    this.reason = reason
    this.details = details
  }
}
