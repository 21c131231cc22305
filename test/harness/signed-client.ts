import { createHash } from 'node:crypto'
import { Agent, request, type IncomingHttpHeaders } from 'node:http'
import { LIGHTSAIL_RULES, LUGSAIL_RULES, S3_RULES, STS_RULES } from '../../src/auth/service-rules.ts'
import { signRequest, type ClientCredentials, type SignedRequest } from '../../src/auth/sign-request.ts'

export interface HttpResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

export interface S3Request {
  readonly method: string
  /** Path and query, encoded. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** Signs and sends single requests and tries nothing twice: for tests that must know what the server answered to each. */
export class SignedClient {
  readonly #endpoint: URL
  readonly #region: string
  readonly #credentials: ClientCredentials
  readonly #agent: Agent

  constructor(
    server: { readonly endpoint: string; readonly region: string },
    credentials: ClientCredentials,
    options: { readonly keepAlive?: boolean } = {},
  ) {
    this.#endpoint = new URL(server.endpoint)
    this.#region = server.region
    this.#credentials = credentials
    this.#agent = new Agent({ keepAlive: options.keepAlive ?? true, maxSockets: 64 })
  }

  /** A request to S3. Rejects when the connection breaks before the whole response came. */
  async s3(draft: S3Request): Promise<HttpResponse> {
    return await this.beginS3(draft).end(draft.body)
  }

  /** A request to S3 whose body is sent piece by piece; it is `content-length` long when that is among the headers. */
  beginS3(draft: S3Request): OpenRequest {
    return this.#begin(draft.method, draft.path, this.signS3(draft).headers)
  }

  /** Signs without sending. The body is not part of the signature unless the header `x-amz-content-sha256` says so. */
  signS3({ method, path, headers, body }: S3Request): SignedRequest {
    return signRequest({
      method,
      url: path,
      headers: {
        host: this.#endpoint.host,
        ...((body !== undefined || method === 'PUT') && { 'content-length': String(body?.length ?? 0) }),
        ...headers,
      },
      payloadHash: headers?.['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
      credentials: this.#credentials,
      rules: S3_RULES,
      region: this.#region,
      nowMs: Date.now(),
    })
  }

  /** Request line and headers of a signed request, as they go over the wire. */
  headOf(draft: S3Request): string {
    const lines = Object.entries(this.signS3(draft).headers).map(([name, value]) => `${name}: ${value}\r\n`)
    return `${draft.method} ${draft.path} HTTP/1.1\r\n${lines.join('')}\r\n`
  }

  /** A call of Lightsail's API. */
  async lightsail(operation: string, input: object): Promise<HttpResponse> {
    return await this.#post(LIGHTSAIL_RULES, JSON.stringify(input), {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Lightsail_20161128.${operation}`,
    })
  }

  /** A call of Lugsail's own API. */
  async lugsail(operation: string, input: object): Promise<HttpResponse> {
    return await this.#post(LUGSAIL_RULES, JSON.stringify(input), {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Lugsail_20261201.${operation}`,
    })
  }

  /** GetCallerIdentity of STS. */
  async identity(): Promise<HttpResponse> {
    return await this.sts('GetCallerIdentity')
  }

  /** A call of STS. */
  async sts(action: string, parameters: Readonly<Record<string, string>> = {}): Promise<HttpResponse> {
    const form = new URLSearchParams({ Action: action, Version: '2011-06-15', ...parameters })
    return await this.#post(STS_RULES, form.toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    })
  }

  async #post(
    rules: typeof LIGHTSAIL_RULES,
    text: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<HttpResponse> {
    const body = Buffer.from(text)
    const signed = signRequest({
      method: 'POST',
      url: '/',
      headers: { host: this.#endpoint.host, 'content-length': String(body.length), ...headers },
      payloadHash: createHash('sha256').update(body).digest('hex'),
      credentials: this.#credentials,
      rules,
      region: this.#region,
      nowMs: Date.now(),
    })
    return await this.#begin('POST', '/', signed.headers).end(body)
  }

  close(): void {
    this.#agent.destroy()
  }

  #begin(method: string, path: string, headers: Readonly<Record<string, string>>): OpenRequest {
    const { hostname, port } = this.#endpoint
    const outgoing = request({ agent: this.#agent, hostname, port, method, path, headers })
    const response = new Promise<HttpResponse>((resolve, reject) => {
      outgoing.once('error', reject)
      outgoing.once('response', (incoming) => {
        const pieces: Buffer[] = []
        incoming.on('data', (piece: Buffer) => pieces.push(piece))
        incoming.once('error', reject)
        incoming.once('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            rawHeaders: incoming.rawHeaders,
            body: Buffer.concat(pieces),
          }),
        )
      })
    })
    // Whoever breaks the connection does not wait for the response.
    response.catch(() => undefined)
    return {
      response,
      write: (piece) =>
        new Promise((resolve, reject) =>
          outgoing.write(piece, (error) => (error ? reject(error) : resolve())),
        ),
      end: (piece) => {
        outgoing.end(piece)
        return response
      },
      destroy: () => void outgoing.destroy(),
    }
  }
}

/** A request whose headers are on their way. */
export interface OpenRequest {
  /** Rejects when the connection breaks before the whole response came. */
  readonly response: Promise<HttpResponse>
  /** Resolves when the bytes are handed to the system. */
  readonly write: (piece: Uint8Array) => Promise<void>
  readonly end: (piece?: Uint8Array) => Promise<HttpResponse>
  /** Cuts the connection. */
  readonly destroy: () => void
}
