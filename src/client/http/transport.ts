import { connect as connectTcp } from 'node:net'
import type { Socket } from 'node:net'
import { ClientError, TransportError } from '../errors.ts'
import { displayProxy, proxyAuthorization, proxyFor } from './proxy.ts'
import type { ProxySettings } from './proxy.ts'
import type { RequestUrl } from './request-url.ts'
import { ResponseFormatError, ResponseReader } from './response-reader.ts'
import type { HttpResponse } from './response-reader.ts'

/** A request of the control plane, whole. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: RequestUrl
  /** As sent; `host` and `content-length` are added. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** Which certificates are trusted. */
export interface TlsSettings {
  /** False: any certificate is accepted. */
  readonly isVerified: boolean
  /** Path of the PEM file of trusted certificates that stands in for the built-in ones. */
  readonly caBundlePath?: string | undefined
  /** Path of a PEM file of certificates trusted besides the built-in ones. */
  readonly extraCaPath?: string | undefined
}

/** How long is waited, whom to trust, and by which proxies to go. */
export interface TransportOptions {
  /** 0: no limit. */
  readonly connectTimeoutMs: number
  /** Longest silence while waiting for the answer; 0: no limit. */
  readonly readTimeoutMs: number
  readonly tls: TlsSettings
  readonly proxies: ProxySettings
}

/** Sends a request and reads the whole answer. */
export interface Transport {
  /** @throws TransportError when there is no answer; ClientError when the URL is neither http nor https. */
  send(request: HttpRequest): Promise<HttpResponse>
}

/**
 * HTTP/1.1 on a socket of its own for each request. It stands in for node:http because loading that (and the parts of it that a
 * single request never needs) is a noticeable share of a short command's time; `node:tls` is loaded only for https.
 */
export class SocketTransport implements Transport {
  readonly #options: TransportOptions
  /**
   * The connection of the request before. It is closed only when the next request begins or the process ends, because to destroy a socket
   * makes Node open `process.stderr`, which takes longer than to read an answer.
   */
  #used: Socket | undefined

  constructor(options: TransportOptions) {
    this.#options = options
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    this.#used?.destroy()
    const { url: endpoint } = request
    const { url } = endpoint
    const proxy = proxyFor(url, this.#options.proxies)
    const isTls = url.protocol === 'https:'
    if (!isTls && url.protocol !== 'http:')
      throw new ClientError(
        `An HTTP Client raised an unhandled exception: Not supported URL scheme ${url.protocol.slice(0, -1)}`,
      )
    const socket = await this.#open(endpoint, proxy)
    this.#used = socket
    const target = proxy !== undefined && !isTls ? endpoint.absolute : `${url.pathname}${url.search}`
    const headers = { ...request.headers }
    const authorization = proxy === undefined || isTls ? undefined : proxyAuthorization(proxy.url)
    if (authorization !== undefined) headers['proxy-authorization'] = authorization
    return this.#exchange(socket, request, target, headers)
  }

  async #open(endpoint: RequestUrl, proxy: RequestUrl | undefined): Promise<Socket> {
    const { url } = endpoint
    const first = proxy?.url ?? url
    const wrap = (error: unknown): never => {
      if (error instanceof TransportError) throw error
      if (proxy !== undefined)
        throw new TransportError('proxy', `Failed to connect to proxy URL: "${displayProxy(proxy)}"`, error)
      throw new TransportError('connect', `Could not connect to the endpoint URL: "${endpoint.text}"`, error)
    }
    let socket = await this.#connect(first, endpoint).catch(wrap)
    try {
      if (first.protocol === 'https:') socket = await this.#secure(socket, first, endpoint)
      if (proxy !== undefined && url.protocol === 'https:') {
        await this.#tunnel(socket, endpoint, proxy)
        socket = await this.#secure(socket, url, endpoint)
      }
    } catch (error) {
      socket.destroy()
      throw error
    }
    return socket
  }

  #connect(to: URL, endpoint: RequestUrl): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const port = Number(to.port) || (to.protocol === 'https:' ? 443 : 80)
      const socket = connectTcp({ host: bareHost(to), port, noDelay: true })
      socket.setTimeout(this.#options.connectTimeoutMs)
      socket.once('timeout', () => {
        socket.destroy()
        reject(new TransportError('connect-timeout', `Connect timeout on endpoint URL: "${endpoint.text}"`))
      })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.removeAllListeners('error').removeAllListeners('timeout')
        resolve(socket)
      })
    })
  }

  async #secure(socket: Socket, host: URL, endpoint: RequestUrl): Promise<Socket> {
    const { openTls } = await import('./tls.ts')
    return openTls(socket, bareHost(host), this.#options.tls).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      throw new TransportError('tls', `SSL validation failed for ${endpoint.text} ${reason}`, error)
    })
  }

  async #tunnel(socket: Socket, endpoint: RequestUrl, proxy: RequestUrl): Promise<void> {
    const { url } = endpoint
    const to = `${url.hostname}:${url.port === '' ? '443' : url.port}`
    const authorization = proxyAuthorization(proxy.url)
    const head = [`CONNECT ${to} HTTP/1.1`, `host: ${to}`]
    if (authorization !== undefined) head.push(`proxy-authorization: ${authorization}`)
    const { status } = await this.#roundTrip(socket, endpoint, head, undefined, { hasBody: false })
    if (status !== 200)
      throw new TransportError(
        'proxy',
        `Failed to connect to proxy URL: "${displayProxy(proxy)}" (it answered ${status})`,
      )
  }

  #exchange(
    socket: Socket,
    { method, url, body }: HttpRequest,
    target: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<HttpResponse> {
    const head = [`${method} ${target} HTTP/1.1`, `host: ${url.url.host}`]
    for (const [name, value] of Object.entries(headers)) if (name !== 'host') head.push(`${name}: ${value}`)
    head.push('connection: close')
    if (body !== undefined) head.push(`content-length: ${body.length}`)
    return this.#roundTrip(socket, url, head, body)
  }

  #roundTrip(
    socket: Socket,
    { text: endpoint }: RequestUrl,
    head: readonly string[],
    body: Uint8Array | undefined,
    options: { readonly hasBody?: boolean } = {},
  ): Promise<HttpResponse> {
    const reader = new ResponseReader(options)
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        socket.removeListener('data', onData).removeListener('end', onEnd).removeListener('close', onEnd)
        socket.removeListener('timeout', onTimeout)
        socket.setTimeout(0)
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
      const onData = (bytes: Buffer): void => read(() => reader.push(bytes))
      const onEnd = (): void => read(() => reader.finish())
      const onTimeout = (): void =>
        settle(() =>
          reject(new TransportError('read-timeout', `Read timeout on endpoint URL: "${endpoint}"`)),
        )
      socket.setTimeout(this.#options.readTimeoutMs)
      socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('timeout', onTimeout)
      // Stays for the socket's life: an error after the answer has been read must not end the process.
      socket.on('error', closed)
      const text = `${head.join('\r\n')}\r\n\r\n`
      socket.write(
        body === undefined ? Buffer.from(text, 'latin1') : Buffer.concat([Buffer.from(text, 'latin1'), body]),
      )
    })
  }
}

const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')
