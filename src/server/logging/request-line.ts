import type { Exchange } from '../../api/exchange.ts'

/** How an exchange ended. */
export interface ExchangeOutcome {
  /** HTTP status; 499 when the client went away before the response was whole. */
  readonly status: number
  readonly durationMs: number
  /** `performance.now()` at which the request came. */
  readonly startedAt: number
}

/**
 * What the log says of a finished request. The path comes without its query, since a presigned URL's query opens the object; headers and
 * bodies are left out altogether.
 */
export function requestLine(exchange: Exchange, { status, durationMs }: ExchangeOutcome): object {
  const { request, facts } = exchange
  const url = request.url ?? ''
  const queryAt = url.indexOf('?')
  return {
    requestId: exchange.requestId,
    service: facts.service,
    operation: facts.operation,
    method: request.method,
    path: queryAt < 0 ? url : url.slice(0, queryAt),
    bucketName: facts.bucketName,
    status,
    errorCode: facts.errorCode,
    durationMs: Math.round(durationMs * 100) / 100,
    requestBytes: facts.requestBodyBytes,
    responseBytes: facts.responseBodyBytes,
    accountId: facts.accountId,
    accessKeyId: facts.accessKeyId,
    parentAccessKeyId: facts.parentAccessKeyId,
    session: facts.session,
    remoteAddress: exchange.client.address,
  }
}
