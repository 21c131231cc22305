import { createHash, createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the stub answers to one request. */
export interface StubResponse {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Breaks the connection instead of answering. */
  readonly hangup?: boolean
  /** Answers only after so long. */
  readonly delayMs?: number
}

/** A request as the stub saw it. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly target: string | null
  readonly contentType: string | null
  /** Parsed where it is JSON, else as text. */
  readonly body: unknown
  /** `valid` with key, region and service, `none`, or what is wrong. */
  readonly signature: string
  readonly token: string | null
}

/** A Lightsail endpoint that answers from a list, repeats the last response, and checks every signature by a way of its own. */
export class StubEndpoint {
  readonly #secrets: Readonly<Record<string, string>>
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      this.requests.push(this.#describe(request, body))
      const answer = this.#responses[Math.min(this.#next++, this.#responses.length - 1)] ?? {}
      if (answer.hangup === true) {
        response.socket?.destroy()
        return
      }
      const payload = Buffer.from(answer.body ?? '{}')
      setTimeout(() => {
        response.writeHead(answer.status ?? 200, {
          'content-type': 'application/x-amz-json-1.1',
          'content-length': payload.length,
          'x-amzn-requestid': '11111111-2222-3333-4444-555555555555',
          ...answer.headers,
        })
        response.end(payload)
      }, answer.delayMs ?? 0)
    })
  })
  #responses: readonly StubResponse[] = []
  #next = 0
  requests: SeenRequest[] = []

  /** `secrets`: the secret of each access key id that may sign. */
  constructor(secrets: Readonly<Record<string, string>>) {
    this.#secrets = secrets
  }

  /** Starts listening; gives the base URL. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const { port } = this.#server.address() as AddressInfo
    return `http://127.0.0.1:${port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** Forgets what it saw and answers from this list from now on. */
  expect(responses: readonly StubResponse[]): void {
    this.#responses = responses
    this.#next = 0
    this.requests = []
  }

  #describe(request: IncomingMessage, body: Buffer): SeenRequest {
    const header = (name: string): string | null => {
      const value = request.headers[name]
      return typeof value === 'string' ? value : null
    }
    return {
      method: request.method ?? '',
      path: request.url ?? '',
      target: header('x-amz-target'),
      contentType: header('content-type'),
      body: parseBody(body),
      signature: checkSignature(request, body, this.#secrets),
      token: header('x-amz-security-token'),
    }
  }
}

function parseBody(body: Buffer): unknown {
  const text = body.toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    // Shown as it came.
    return text
  }
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/

function checkSignature(
  request: IncomingMessage,
  body: Buffer,
  secrets: Readonly<Record<string, string>>,
): string {
  const { authorization } = request.headers
  if (authorization === undefined) return 'none'
  const [whole, id = '', date = '', region = '', service = '', signed = '', signature] =
    AUTHORIZATION.exec(authorization) ?? []
  if (whole === undefined) return 'malformed'
  const secret = secrets[id]
  if (secret === undefined) return `unknown key ${id}`
  const names = signed.split(';')
  if (!names.includes('host') || !names.includes('x-amz-date')) return 'host or x-amz-date not signed'
  const headers = names.map((name) => `${name}:${String(request.headers[name]).trim().replace(/ +/g, ' ')}`)
  const path = new URL(request.url ?? '/', 'http://stub').pathname
  const canonical = [request.method, path, '', ...headers, '', signed, sha256(body)].join('\n')
  const scope = `${date}/${region}/${service}/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request')
  return hmac(key, toSign).toString('hex') === signature ? `valid ${id} ${region} ${service}` : 'wrong'
}

const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex')
const hmac = (key: Buffer | string, data: string): Buffer => createHmac('sha256', key).update(data).digest()
