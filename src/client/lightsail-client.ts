import { LIGHTSAIL_RULES } from '../auth/service-rules.ts'
import { signRequest } from '../auth/sign-request.ts'
import type { ClientCredentials } from '../auth/sign-request.ts'
import type { Clock } from '../base/clock.ts'
import { sha256 } from '../base/sha-256.ts'
import { LIGHTSAIL_TARGET_PREFIX } from '../model/lightsail/index.ts'
import type { Operation } from '../model/operation.ts'
import { checkEndpointUrl } from './endpoint.ts'
import { ServiceFault, TransportError } from './errors.ts'
import type { HttpResponse } from './http/response-reader.ts'
import type { Transport } from './http/transport.ts'
import { parseFault, parseOutput } from './parse-response.ts'
import type { TimestampStyle } from './parse-response.ts'
import type { RetryPolicy } from './retry/policy.ts'
import { serializeInput } from './serialize.ts'
import { validateInput } from './validate-input.ts'
import type { WireRecord } from './values.ts'

export interface LightsailClientOptions {
  readonly endpoint: string
  readonly region: string
  /** What requests are signed with; null: they go unsigned. Asked for only once the parameters have been found valid. */
  readonly credentials: () => ClientCredentials | null
  readonly transport: Transport
  readonly retry: RetryPolicy
  readonly clock: Clock
  readonly timestampStyle: TimestampStyle
  readonly userAgent: string
  /** Resolves after so many milliseconds. */
  readonly sleep: (durationMs: number) => Promise<void>
  /** Told what happens, for `--debug`. Gets no secrets: neither bodies nor signatures. */
  readonly onEvent?: (event: string) => void
}

/** Calls operations of the control plane: checks the parameters, signs, sends, tries again, and reads the answer. */
export class LightsailClient {
  readonly #options: LightsailClientOptions
  readonly #url: URL

  /** @throws ClientError when the endpoint is not a URL with a host. */
  constructor(options: LightsailClientOptions) {
    checkEndpointUrl(options.endpoint)
    this.#options = options
    this.#url = new URL(options.endpoint)
  }

  /** @throws ParameterValidationError, ServiceFault, TransportError */
  async call(operation: Operation, parameters: WireRecord): Promise<WireRecord> {
    validateInput(parameters, operation.input)
    const { retry, sleep, onEvent } = this.#options
    const body = serializeInput(parameters, operation.input)
    for (let attempt = 1; ; attempt++) {
      const waitMs = retry.delayBeforeSendMs()
      if (waitMs > 0) await sleep(waitMs)
      const result = await this.#attempt(operation, body)
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

  async #attempt(operation: Operation, body: Buffer): Promise<HttpResponse | TransportError> {
    const { transport, onEvent } = this.#options
    try {
      const headers = this.#headers(operation, body)
      onEvent?.(
        `Sending ${operation.name} to ${this.#url.href}: ${body.length} bytes, headers ${Object.keys(headers).join(', ')}`,
      )
      const response = await transport.send({ method: 'POST', url: this.#url, headers, body })
      onEvent?.(
        `Got status ${response.status}, ${response.body.length} bytes, request id ${response.headers.get('x-amzn-requestid') ?? 'none'}`,
      )
      return response
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      onEvent?.(`No answer: ${error.message}`)
      return error
    }
  }

  #headers(operation: Operation, body: Buffer): Readonly<Record<string, string>> {
    const { region, clock, userAgent } = this.#options
    const headers = {
      host: this.#url.host,
      'x-amz-target': `${LIGHTSAIL_TARGET_PREFIX}.${operation.name}`,
      'content-type': 'application/x-amz-json-1.1',
      'user-agent': userAgent,
    }
    const credentials = this.#options.credentials()
    if (credentials === null) return headers
    return signRequest({
      method: 'POST',
      url: `${this.#url.pathname}${this.#url.search}`,
      headers,
      payloadHash: sha256(body, 'hex'),
      credentials,
      rules: LIGHTSAIL_RULES,
      region,
      nowMs: clock.now(),
    }).headers
  }
}
