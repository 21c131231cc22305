import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../base/clock.ts'
import type { Exchange, ExchangeClient, ExchangeHandler } from '../../api/exchange.ts'
import type { ExchangeLog } from '../../base/exchange.ts'
import { detectApi } from '../../control/detect-api.ts'
import { requestLine, type ExchangeOutcome } from '../logging/request-line.ts'
import type { Logger } from '../logging/logger.ts'
import { answerInternalError } from './failure.ts'
import { createRequestId } from '../../service/request-id.ts'
import { answerFrontPage, isFrontPage } from './front-page.ts'
import { isGuessedSignature } from './guessed-signature.ts'
import {
  answerReservedPath,
  isBucketHost,
  isProbe,
  isReservedPath,
  type ReservedPathsOptions,
} from './reserved-paths.ts'

interface FrontendOptions {
  /** Answers Lightsail's API and STS. */
  readonly control: ExchangeHandler
  /** Answers everything else. */
  readonly s3: ExchangeHandler
  readonly reserved: ReservedPathsOptions
  readonly clock: Clock
  readonly log: Logger
  /** Told once of each exchange, when it is over. */
  readonly onFinished: (exchange: Exchange, outcome: ExchangeOutcome) => void
}

/** Takes requests from the listener, gives each to the API it is for, and sees to it that every one is answered and logged. */
export class Frontend {
  readonly #options: FrontendOptions
  readonly #inFlight = new Set<Exchange>()
  #onIdle: (() => void) | undefined
  #isDraining = false

  constructor(options: FrontendOptions) {
    this.#options = options
  }

  /** Whether the request asks for the server's health or readiness. */
  isProbe(request: IncomingMessage): boolean {
    return isProbe(request, this.#options.reserved.domain)
  }

  /** Never throws and never rejects. */
  receive(request: IncomingMessage, response: ServerResponse, client: ExchangeClient): void {
    if (this.#isDraining) response.shouldKeepAlive = false
    if (isReservedPath(request, this.#options.reserved.domain)) {
      if (hasHostTwice(request.rawHeaders)) return refuseHostTwice(response)
      const reserved = {
        ...this.#options.reserved,
        isDraining: this.#isDraining,
        clientAddress: client.address,
      }
      void answerReservedPath(request, response, reserved).catch((error: unknown) => {
        this.#options.log.error({ error, path: request.url }, 'a reserved path failed')
        response.destroy()
      })
      return
    }
    if (isFrontPage(request, this.#options.reserved.domain)) {
      const hasConsole = (this.#options.reserved.console ?? null) !== null
      return answerFrontPage(request, response, { hasConsole })
    }
    const requestId = createRequestId()
    const exchange: Exchange = {
      request,
      response,
      requestId,
      receivedAt: this.#options.clock.now(),
      log: new RequestLog(this.#options.log, requestId),
      client,
      facts: {},
    }
    const { domain } = this.#options.reserved
    const found = detectApi(request)
    const api = found === 'sts' && isBucketHost(request, domain) ? null : found
    exchange.facts.service = api ?? 's3'
    const startedAt = performance.now()
    this.#inFlight.add(exchange)
    response.on('close', () => this.#finish(exchange, startedAt))
    const handler = api === null ? this.#options.s3 : this.#options.control
    handler(exchange).catch((error: unknown) => this.#fail(exchange, error))
  }

  /** Connections close after their response from now on; resolves when no request is left. */
  async drain(): Promise<void> {
    this.#isDraining = true
    for (const { response } of this.#inFlight) response.shouldKeepAlive = false
    if (this.#inFlight.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve))
  }

  /** Requests that are not answered yet. */
  get inFlight(): number {
    return this.#inFlight.size
  }

  #fail(exchange: Exchange, error: unknown): void {
    if (exchange.response.destroyed) return
    this.#options.log.error(
      { error, requestId: exchange.requestId, operation: exchange.facts.operation },
      'a request failed in a way that was not foreseen',
    )
    answerInternalError(exchange)
  }

  #finish(exchange: Exchange, startedAt: number): void {
    this.#inFlight.delete(exchange)
    const { response, facts } = exchange
    const outcome: ExchangeOutcome = {
      status: response.writableFinished ? response.statusCode : CLIENT_WENT_AWAY,
      durationMs: performance.now() - startedAt,
      startedAt,
    }
    facts.requestBodyBytes ??= bodyBytesOf(exchange.request)
    facts.responseBodyBytes ??= Number(response.getHeader('content-length') ?? 0)
    if (isGuessedSignature(facts)) exchange.client.noteRefused()
    this.#options.onFinished(exchange, outcome)
    if (outcome.status >= 500 && outcome.status !== NOT_IMPLEMENTED && facts.isPutOff !== true) {
      this.#options.log.error(requestLine(exchange, outcome), 'request failed')
    } else if (this.#options.log.isEnabled('info')) {
      this.#options.log.info(requestLine(exchange, outcome), 'request')
    }
    if (this.#inFlight.size === 0) this.#onIdle?.()
  }
}

/** What proxies log when the client closed the connection before the response was whole. */
const CLIENT_WENT_AWAY = 499
/** Refusing what is not supported is no failure of the server. */
const NOT_IMPLEMENTED = 501

/** Node.js passes on the first alone; a proxy in front may have routed by the last. Both APIs refuse it where they read the request. */
function hasHostTwice(rawHeaders: readonly string[]): boolean {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.toLowerCase() === 'host') hosts++
  return hosts > 1
}

function refuseHostTwice(response: ServerResponse): void {
  const text = 'a request must name one host\n'
  response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8', 'content-length': text.length })
  response.end(text)
}

/** What a request brought, framing of chunks included; 0 when it broke off, or had no length beforehand. */
function bodyBytesOf(request: IncomingMessage): number {
  const length = request.headers['content-length']
  return length === undefined || !request.complete ? 0 : Number(length)
}

/** Puts the request id into each line. */
class RequestLog implements ExchangeLog {
  readonly #log: Logger
  readonly #requestId: string

  constructor(log: Logger, requestId: string) {
    this.#log = log
    this.#requestId = requestId
  }

  debug(fields: object, message: string): void {
    if (this.#log.isEnabled('debug')) this.#log.debug({ requestId: this.#requestId, ...fields }, message)
  }
  info(fields: object, message: string): void {
    this.#log.info({ requestId: this.#requestId, ...fields }, message)
  }
  warn(fields: object, message: string): void {
    this.#log.warn({ requestId: this.#requestId, ...fields }, message)
  }
  error(fields: object, message: string): void {
    this.#log.error({ requestId: this.#requestId, ...fields }, message)
  }
}
