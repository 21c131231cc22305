/** A failure that the user is told of in one message; every error of the client is one. */
export class ClientError extends Error {}

/** The values of an operation's parameters break its description; nothing was sent. */
export class ParameterValidationError extends ClientError {
  constructor(problems: readonly string[]) {
    super(`Parameter validation failed:\n${problems.join('\n')}`)
  }
}

/** The service answered, and said no. */
export class ServiceFault extends ClientError {
  readonly code: string
  readonly status: number
  /** What to do, where the server says so. */
  readonly hint: string | undefined

  constructor(details: {
    readonly hint?: string
    readonly code: string
    readonly reason: string
    readonly status: number
    readonly operation: string
    /** How often the call was retried, where it was given up for that. */
    readonly retriesExhausted?: number
  }) {
    const { code, reason, status, operation, retriesExhausted } = details
    const retries = retriesExhausted === undefined ? '' : ` (reached max retries: ${retriesExhausted})`
    super(`An error occurred (${code}) when calling the ${operation} operation${retries}: ${reason}`)
    this.code = code
    this.status = status
    this.hint = details.hint
  }
}

/** No response: the connection was not made, broke, or took too long. Such a call may be tried again. */
export class TransportError extends ClientError {
  readonly kind: 'connect' | 'connect-timeout' | 'closed' | 'read-timeout' | 'tls' | 'proxy'

  constructor(kind: TransportError['kind'], message: string, cause?: unknown) {
    super(message, { cause })
    this.kind = kind
  }
}
