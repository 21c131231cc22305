import { ClientError, TransportError } from '../errors.ts'
import { ConnectTimeoutError, SilenceError } from './connection.ts'
import type { Connection } from './connection.ts'
import { displayProxy, proxyAuthorization, proxyFor } from './proxy.ts'
import type { ProxySettings } from './proxy.ts'
import type { RequestUrl } from './request-url.ts'
import { ResponseFormatError, ResponseReader } from './response-reader.ts'
import type { HttpResponse } from './response-reader.ts'
import type { SocketConnection } from './socket-connection.ts'
import type { TlsSettings } from './tls-settings.ts'

/** A request of the control plane, whole. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: RequestUrl
  /** As sent; `host` and `content-length` are added. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** How long is waited, whom to trust, and by which proxies to go. */
export interface TransportOptions {
  /** 0: no limit. */
  readonly connectTimeoutMs: number
  /** Longest silence while waiting for the response; 0: no limit. */
  readonly readTimeoutMs: number
  readonly tls: TlsSettings
  readonly proxies: ProxySettings
}

/** Sends a request and reads the whole response. */
export interface Transport {
  /** @throws TransportError when there is no response; ClientError when the URL is neither http nor https. */
  send(request: HttpRequest): Promise<HttpResponse>
}

/**
 * HTTP/1.1 on a connection of its own for each request. It stands in for node:http because loading that (and the parts of it that a
 * single request never needs) is a noticeable share of a short command's time; `node:net` and `node:tls` are loaded only where
 * a connection needs them.
 */
export class ConnectionTransport implements Transport {
  readonly #options: TransportOptions
  /**
   * The connection of the request that ended last. It is closed only when the next request begins or ends, or the process ends, because to destroy
   * a socket makes Node open `process.stderr`, which takes longer than to read a response. Requests may run side by side.
   */
  #used: Connection | undefined

  constructor(options: TransportOptions) {
    this.#options = options
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    this.#closeUsed()
    const { url: endpoint } = request
    const { url } = endpoint
    const proxy = proxyFor(url, this.#options.proxies)
    const isTls = url.protocol === 'https:'
    if (!isTls && url.protocol !== 'http:')
      throw new ClientError(
        `An HTTP Client raised an unhandled exception: Not supported URL scheme ${url.protocol.slice(0, -1)}`,
      )
    const connection = await this.#open(endpoint, proxy)
    const target = proxy !== undefined && !isTls ? endpoint.absolute : `${url.pathname}${url.search}`
    const headers = { ...request.headers }
    const authorization = proxy === undefined || isTls ? undefined : proxyAuthorization(proxy.url)
    if (authorization !== undefined) headers['proxy-authorization'] = authorization
    try {
      return await this.#exchange(connection, request, target, headers)
    } finally {
      this.#closeUsed()
      this.#used = connection
    }
  }

  #closeUsed(): void {
    this.#used?.destroy()
    this.#used = undefined
  }

  async #open(endpoint: RequestUrl, proxy: RequestUrl | undefined): Promise<Connection> {
    try {
      const first = proxy?.url ?? endpoint.url
      return await this.#openSocket(first, endpoint, proxy)
    } catch (error) {
      if (error instanceof TransportError) throw error
      if (error instanceof ConnectTimeoutError)
        throw new TransportError('connect-timeout', `Connect timeout on endpoint URL: "${endpoint.text}"`)
      if (proxy !== undefined)
        throw new TransportError('proxy', `Failed to connect to proxy URL: "${displayProxy(proxy)}"`, error)
      throw new TransportError('connect', `Could not connect to the endpoint URL: "${endpoint.text}"`, error)
    }
  }

  async #openSocket(first: URL, endpoint: RequestUrl, proxy: RequestUrl | undefined): Promise<Connection> {
    const { url } = endpoint
    const { openSocket } = await import('./socket-connection.ts')
    const { connectTimeoutMs, tls } = this.#options
    let socket = await openSocket(bareHost(first), portOf(first), connectTimeoutMs)
    const secure = (host: URL): Promise<SocketConnection> =>
      socket.secure(bareHost(host), tls, connectTimeoutMs).catch((error: unknown) => {
        // As AWS CLI has it: the time is the connection's, the words are those of a response that does not come.
        if (error instanceof SilenceError) throw readTimeout(endpoint.text)
        const reason = error instanceof Error ? error.message : String(error)
        throw new TransportError('tls', `SSL validation failed for ${endpoint.text} ${reason}`, error)
      })
    try {
      if (first.protocol === 'https:') socket = await secure(first)
      if (proxy !== undefined && url.protocol === 'https:') {
        await this.#tunnel(socket, endpoint, proxy)
        socket = await secure(url)
      }
    } catch (error) {
      socket.destroy()
      throw error
    }
    return socket
  }

  async #tunnel(connection: Connection, endpoint: RequestUrl, proxy: RequestUrl): Promise<void> {
    const { url } = endpoint
    const to = `${url.hostname}:${url.port === '' ? '443' : url.port}`
    const authorization = proxyAuthorization(proxy.url)
    const head = [`CONNECT ${to} HTTP/1.1`, `host: ${to}`]
    if (authorization !== undefined) head.push(`proxy-authorization: ${authorization}`)
    const { status } = await this.#roundTrip(connection, endpoint, head, undefined, { hasBody: false })
    if (status !== 200)
      throw new TransportError(
        'proxy',
        `Failed to connect to proxy URL: "${displayProxy(proxy)}" (it answered ${status})`,
      )
  }

  #exchange(
    connection: Connection,
    { method, url, body }: HttpRequest,
    target: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<HttpResponse> {
    const head = [`${method} ${target} HTTP/1.1`, `host: ${url.url.host}`]
    for (const [name, value] of Object.entries(headers)) if (name !== 'host') head.push(`${name}: ${value}`)
    head.push('connection: close')
    if (body !== undefined) head.push(`content-length: ${body.length}`)
    return this.#roundTrip(connection, url, head, body)
  }

  #roundTrip(
    connection: Connection,
    { text: endpoint }: RequestUrl,
    head: readonly string[],
    body: Uint8Array | undefined,
    options: { readonly hasBody?: boolean } = {},
  ): Promise<HttpResponse> {
    const reader = new ResponseReader(options)
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        connection.ignore()
        act()
      }
      const closed = (cause?: unknown): void =>
        settle(() =>
          reject(
            new TransportError(
              'closed',
              `Connection was closed before we received a valid response from endpoint URL: "${endpoint}".`,
              cause,
            ),
          ),
        )
      const read = (step: () => HttpResponse | undefined): void => {
        try {
          const response = step()
          if (response !== undefined) settle(() => resolve(response))
        } catch (error) {
          if (!(error instanceof ResponseFormatError)) throw error
          closed(error)
        }
      }
      connection.listen(
        {
          onData: (bytes) => read(() => reader.push(bytes)),
          onEnd: () => read(() => reader.finish()),
          onError: closed,
          onSilence: () => settle(() => reject(readTimeout(endpoint))),
        },
        this.#options.readTimeoutMs,
      )
      const text = `${head.join('\r\n')}\r\n\r\n`
      connection.write(
        body === undefined ? Buffer.from(text, 'latin1') : Buffer.concat([Buffer.from(text, 'latin1'), body]),
      )
    })
  }
}

const readTimeout = (endpoint: string): TransportError =>
  new TransportError('read-timeout', `Read timeout on endpoint URL: "${endpoint}"`)

const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')
const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80)
