import { createHash } from 'node:crypto'
import { Agent, request, type IncomingHttpHeaders } from 'node:http'
import { LIGHTSAIL_RULES, S3_RULES } from '../../src/auth/service-rules.ts'
import { signRequest, type ClientCredentials } from '../../src/auth/sign-request.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
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

  /** A request to S3. Rejects when the connection breaks before the whole answer came. */
  async s3({ method, path, headers, body }: S3Request): Promise<Answer> {
    const signed = signRequest({
      method,
      url: path,
      headers: {
        host: this.#endpoint.host,
        ...((body ?? method === 'PUT') && { 'content-length': String(body?.length ?? 0) }),
        ...headers,
      },
      payloadHash: 'UNSIGNED-PAYLOAD',
      credentials: this.#credentials,
      rules: S3_RULES,
      region: this.#region,
      nowMs: Date.now(),
    })
    return this.#send(method, path, signed.headers, body)
  }

  /** A call of the control plane. */
  async lightsail(operation: string, input: object): Promise<Answer> {
    const body = Buffer.from(JSON.stringify(input))
    const signed = signRequest({
      method: 'POST',
      url: '/',
      headers: {
        host: this.#endpoint.host,
        'content-length': String(body.length),
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `Lightsail_20161128.${operation}`,
      },
      payloadHash: createHash('sha256').update(body).digest('hex'),
      credentials: this.#credentials,
      rules: LIGHTSAIL_RULES,
      region: this.#region,
      nowMs: Date.now(),
    })
    return this.#send('POST', '/', signed.headers, body)
  }

  close(): void {
    this.#agent.destroy()
  }

  #send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array | undefined,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.#endpoint
      const outgoing = request({ agent: this.#agent, hostname, port, method, path, headers }, (answer) => {
        const pieces: Buffer[] = []
        answer.on('data', (piece: Buffer) => pieces.push(piece))
        answer.once('error', reject)
        answer.once('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: Buffer.concat(pieces),
          }),
        )
      })
      outgoing.once('error', reject)
      outgoing.end(body)
    })
  }
}
