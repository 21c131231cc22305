import type { IncomingMessage, ServerResponse } from 'node:http'

/** One HTTP request on its way through the server, and its response. */
export interface HttpExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** 16 upper-case hexadecimal digits; also in every response. */
  readonly requestId: string
  /** Epoch milliseconds. */
  readonly receivedAt: number
  readonly log: ExchangeLog
  readonly client: HttpClient
  /** Filled in along the way; read when the response is finished. */
  readonly facts: HttpFacts
}

/** Who is at the other end. */
export interface HttpClient {
  /** IP address: of the connection's other end or, behind a proxy that is trusted, the one that the proxy names. */
  readonly address: string
  /** Whether the client speaks TLS, to this server or to a proxy that is trusted. */
  readonly isSecure: boolean
  /**
   * What its connection showed so far, by which it is decided how much may wait for it in memory: `caller`, that it has a key; `taker`, that it
   * takes what it is sent; `stranger`, nothing.
   */
  readonly standing: 'caller' | 'taker' | 'stranger'
  /** It took bytes that the system had not taken at once. */
  noteTaken(): void
}

/** What is learnt of the bytes of an exchange; absent: it did not get so far. */
export interface HttpFacts {
  requestBodyBytes?: number
  responseBodyBytes?: number
  /** `performance.now()` when the response's first byte was handed over; set when somebody wants to know. */
  responseBegunAt?: number
  /** What the response tells a page of another origin, also one that nobody foresaw: name, value, name, value, … */
  crossOriginHeaders?: readonly string[]
}

/** What a handler may say; never a secret. */
export interface ExchangeLog {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
