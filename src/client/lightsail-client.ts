import { LIGHTSAIL_RULES, LUGSAIL_RULES } from '../auth/service-rules.ts'
import { signRequest } from '../auth/sign-request.ts'
import type { ClientCredentials } from '../auth/sign-request.ts'
import type { Clock } from '../base/clock.ts'
import { sha256 } from '../base/sha-256.ts'
import { LIGHTSAIL_TARGET_PREFIX } from '../model/lightsail/index.ts'
import { LUGSAIL_TARGET_PREFIX } from '../model/lugsail/names.ts'
import type { Operation } from '../model/operation.ts'
import { ClientError, ServiceFault, TransportError } from './errors.ts'
import type { HttpResponse } from './http/response-reader.ts'
import { parseRequestUrl } from './http/request-url.ts'
import type { RequestUrl } from './http/request-url.ts'
import type { Transport } from './http/transport.ts'
import { parseFault, parseOutput } from './parse-response.ts'
import type { TimestampStyle } from './parse-response.ts'
import type { RetryPolicy } from './retry/policy.ts'
import { serializeInput } from './serialize.ts'
import { validateInput } from './validate-input.ts'
import type { WireRecord } from './values.ts'

/** Where calls go, and what they are made with. */
export interface LightsailClientOptions {
  /** A URL that `checkEndpointUrl` lets pass. */
  readonly endpoint: string
  readonly region: string
  /** What requests are signed with; null: they go unsigned. Asked for only once the parameters have been found valid. */
  readonly credentials: () => ClientCredentials | null
  readonly transport: Transport
  readonly retry: RetryPolicy
  readonly clock: Clock
  readonly timestampStyle: TimestampStyle
  /** False: whatever was given goes to the service, which judges it. */
  readonly validatesParameters: boolean
  readonly userAgent: string
  /** Resolves after so many milliseconds. */
  readonly sleep: (durationMs: number) => Promise<void>
  /** Told what happens, for `--debug`. Gets no secrets: neither bodies nor signatures. */
  readonly onEvent?: (event: string) => void
}

/** What stays the same over the attempts of one call. */
interface Call {
  readonly operation: Operation
  readonly body: Buffer
  readonly credentials: ClientCredentials | null
  readonly to: RequestUrl
}

/** Calls operations of the control plane: checks the parameters, signs, sends, tries again, and reads the response. */
export class LightsailClient {
  readonly #options: LightsailClientOptions

  constructor(options: LightsailClientOptions) {
    this.#options = options
  }

  /** @throws ParameterValidationError, ServiceFault, TransportError */
  async call(operation: Operation, parameters: WireRecord): Promise<WireRecord> {
    if (this.#options.validatesParameters) validateInput(parameters, operation.input)
    const { endpoint, credentials, retry, sleep, onEvent } = this.#options
    const body = serializeInput(parameters, operation.input)
    const signer = credentials()
    const call: Call = { operation, body, credentials: signer, to: readEndpoint(endpoint, signer !== null) }
    for (let attempt = 1; ; attempt++) {
      const waitMs = retry.delayBeforeSendMs()
      if (waitMs > 0) await sleep(waitMs)
      const result = await this.#attempt(call)
      const decision = retry.decide(
        result instanceof TransportError
          ? { failure: result }
          : { status: result.status, errorCode: result.status >= 301 ? parseFault(result).code : undefined },
        attempt,
      )
      if (decision.isRetried) {
        onEvent?.(`Attempt ${attempt} failed; trying again in ${Math.round(decision.delayMs)} ms`)
        await sleep(decision.delayMs)
        continue
      }
      if (result instanceof TransportError) throw result
      if (result.status < 300) return parseOutput(result.body, operation.output, this.#options.timestampStyle)
      throw new ServiceFault({
        ...parseFault(result),
        status: result.status,
        operation: operation.name,
        ...(decision.isExhausted ? { retriesExhausted: attempt - 1 } : {}),
      })
    }
  }

  async #attempt(call: Call): Promise<HttpResponse | TransportError> {
    const { operation, body, to } = call
    const { transport, onEvent } = this.#options
    try {
      const headers = this.#headers(call)
      onEvent?.(
        `Sending ${operation.name} to ${to.text}: ${body.length} bytes, headers ${Object.keys(headers).join(', ')}`,
      )
      const response = await transport.send({ method: 'POST', url: to, headers, body })
      onEvent?.(
        `Got status ${response.status}, ${response.body.length} bytes, request id ${response.headers.get('x-amzn-requestid') ?? 'none'}`,
      )
      return response
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      onEvent?.(`No response: ${error.message}`)
      return error
    }
  }

  #headers({ operation, body, credentials, to: { url } }: Call): Readonly<Record<string, string>> {
    const { region, clock, userAgent } = this.#options
    const isOwn = operation.api !== undefined
    const headers = {
      host: url.host,
      'x-amz-target': `${isOwn ? LUGSAIL_TARGET_PREFIX : LIGHTSAIL_TARGET_PREFIX}.${operation.name}`,
      'content-type': 'application/x-amz-json-1.1',
      'user-agent': userAgent,
    }
    if (credentials === null) return headers
    return signRequest({
      method: 'POST',
      url: `${url.pathname}${url.search}`,
      headers,
      payloadHash: sha256(body, 'hex'),
      credentials,
      rules: isOwn ? LUGSAIL_RULES : LIGHTSAIL_RULES,
      region,
      nowMs: clock.now(),
    }).headers
  }
}

/** In the reference an unsigned request meets a wrong port only in its HTTP client, which says less of it. */
function readEndpoint(endpoint: string, isSigned: boolean): RequestUrl {
  try {
    return parseRequestUrl(endpoint)
  } catch (error) {
    if (isSigned || !(error instanceof ClientError)) throw error
    const url = endpoint.replace(/^([^/]*\/\/[^/?#]*)(?![^/])\/?/, '$1/')
    throw new ClientError(`An HTTP Client raised an unhandled exception: Failed to parse: ${url}`, {
      cause: error,
    })
  }
}
