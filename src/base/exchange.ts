import type { IncomingMessage, ServerResponse } from 'node:http'

/** One HTTP request on its way through the server, and what is learnt about it for logs and metrics. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** 16 upper-case hexadecimal digits; also in every answer. */
  readonly requestId: string
  /** Epoch milliseconds. */
  readonly receivedAt: number
  readonly log: ExchangeLog
  /** Filled in along the way; read when the response is finished. */
  readonly facts: ExchangeFacts
}

export interface ExchangeFacts {
  /** Which face answered. */
  service?: 'lightsail' | 's3'
  /** The API operation's name. */
  operation?: string
  bucketName?: string
  objectKey?: string
  versionId?: string
  accountId?: string
  accessKeyId?: string
  /** Account that owns the bucket. */
  bucketOwnerAccountId?: string
  errorCode?: string
  requestBodyBytes?: number
  responseBodyBytes?: number
  objectSizeBytes?: number
  signatureVersion?: 'SigV4'
  authenticationType?: 'AuthHeader' | 'QueryString'
}

/** What a handler may say; never a secret. */
export interface ExchangeLog {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Answers the exchange; resolves when the response is handed over whole. A rejection is a bug and becomes a 500. */
export type ExchangeHandler = (exchange: Exchange) => Promise<void>
