import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ConfigurationError } from '../configuration/errors.ts'
import type { ListenAddress } from '../configuration/address.ts'
import { answerTransportError, transportErrorCode } from './client-error.ts'
import { continueWhenRead } from './expect-continue.ts'
import type { Frontend } from './frontend.ts'
import { readTlsFiles, validityOf, type TlsFiles, type TlsIdentity } from './tls-files.ts'

/** How often Node looks for connections whose headers take too long. */
const CONNECTIONS_CHECK_INTERVAL_MS = 2_000
/** How long the rest of a body that nobody wants is still read after the answer, so that the client gets to read that answer. */
const LINGER_MS = 5_000

/** For a year browsers come to this host by TLS only. Subdomains are their own affair. */
const HSTS = 'max-age=31536000'

interface ListenerOptions {
  readonly address: ListenAddress
  readonly tls: TlsFiles | null
  readonly limits: {
    readonly connectionsMax: number
    readonly headerBytesMax: number
    readonly headerTimeoutMs: number
    readonly idleTimeoutMs: number
    readonly keepAliveTimeoutMs: number
  }
  readonly frontend: Frontend
  readonly onConnections?: (open: number) => void
  readonly onRefusedConnection?: () => void
  /** Hears of a connection that the system could not hand over, as when the process has no descriptor left. */
  readonly onAcceptError: (error: Error) => void
}

/** A listening socket with its bounds: nobody can hold a connection by being slow, send endless headers, or open endless connections. */
export class Listener {
  readonly #server: HttpServer | HttpsServer
  /** The certificate that new connections get; null without TLS. */
  #identity: TlsIdentity | null
  readonly #options: ListenerOptions
  /** The newest answer under way on each connection. */
  readonly #answers = new WeakMap<Duplex, ServerResponse>()

  constructor(options: ListenerOptions) {
    this.#options = options
    const { limits, tls, frontend } = options
    const httpOptions = {
      maxHeaderSize: limits.headerBytesMax,
      headersTimeout: limits.headerTimeoutMs,
      // A body may take as long as it likes while bytes arrive; the idle timeout below ends one that stalls.
      requestTimeout: 0,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      connectionsCheckingInterval: CONNECTIONS_CHECK_INTERVAL_MS,
      noDelay: true,
    }
    this.#identity = tls && readTlsFiles(tls)
    this.#server = this.#identity
      ? createHttpsServer({ ...httpOptions, ...this.#identity })
      : createHttpServer(httpOptions)
    const server = this.#server
    server.maxConnections = limits.connectionsMax
    server.setTimeout(limits.idleTimeoutMs, (socket: Socket) => this.#onIdle(socket))
    server.on('request', (request, response) => {
      if (tls) response.setHeader('Strict-Transport-Security', HSTS)
      const { socket } = request
      this.#answers.set(socket, response)
      response.on('close', () => {
        if (this.#answers.get(socket) === response) this.#answers.delete(socket)
      })
      if (announcesBody(request)) {
        response.once('finish', () => {
          if (!request.complete) setTimeout(() => request.complete || request.destroy(), LINGER_MS).unref()
        })
      }
      frontend.receive(request, response)
    })
    server.on('checkContinue', (request, response) => {
      continueWhenRead(request, response)
      server.emit('request', request, response)
    })
    // S3 passes over expectations that it does not know.
    server.on('checkExpectation', (request, response) => server.emit('request', request, response))
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      const answer = this.#answers.get(socket)
      const answerError = () => answerTransportError(socket, transportErrorCode(error.code))
      if (error.code === 'ECONNRESET') socket.destroy()
      // What cannot be read came behind a whole request: nobody may take this refusal for the answer to that one.
      else if (answer?.req.complete === true) answer.once('finish', answerError)
      else if (answer?.headersSent === true) socket.destroy()
      else answerError()
    })
    let open = 0
    server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
      options.onConnections?.(++open)
      socket.once('close', () => options.onConnections?.(--open))
    })
    server.on('drop', () => options.onRefusedConnection?.())
  }

  /** Resolves with the address that is really listened on. Rejects with ConfigurationError when the address cannot be had. */
  async listen(): Promise<ListenAddress> {
    const { host, port } = this.#options.address
    await new Promise<void>((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException) => reject(listenError(error, host, port))
      this.#server.once('error', fail)
      this.#server.listen({ host, port, backlog: 1024 }, () => {
        this.#server.off('error', fail)
        resolve()
      })
    })
    // One connection that cannot be accepted must not end the process, and with it all others.
    this.#server.on('error', this.#options.onAcceptError)
    const bound = this.#server.address() as AddressInfo
    return { host, port: bound.port }
  }

  /**
   * Reads the certificate and key again; connections that are open keep what they have. False when there are none. Throws
   * ConfigurationError, changing nothing.
   */
  reloadTls(): boolean {
    const { tls } = this.#options
    if (!tls || !('setSecureContext' in this.#server)) return false
    const identity = readTlsFiles(tls)
    this.#server.setSecureContext(identity)
    this.#identity = identity
    return true
  }

  /** When the certificate in use is valid, in epoch milliseconds; null without TLS. */
  get certificateValidity(): ReturnType<typeof validityOf> | null {
    return this.#identity && validityOf(this.#identity.cert)
  }

  /** Takes no more connections, waits for the requests in flight for at most so long, then cuts what is left. Gives how many were cut. */
  async stop(drainTimeoutMs: number): Promise<number> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    const drained = this.#options.frontend.drain()
    this.#server.closeIdleConnections()
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, drainTimeoutMs)))
    await Promise.race([drained, timeout])
    clearTimeout(timer)
    const cut = this.#options.frontend.inFlight
    if (cut === 0) {
      // The last answers may still be on their way to their clients; their connections close behind them.
      const grace = setTimeout(() => this.#server.closeAllConnections(), LINGER_MS)
      this.#server.closeIdleConnections()
      await closed
      clearTimeout(grace)
      return 0
    }
    this.#server.closeAllConnections()
    await closed
    return cut
  }

  #onIdle(socket: Socket): void {
    const response = this.#answers.get(socket)
    if (!response) return void socket.destroy()
    const isServerTheSlowOne = response.req.complete && !response.writableNeedDrain
    if (isServerTheSlowOne) return
    if (response.headersSent) socket.destroy()
    else answerTransportError(socket, 'RequestTimeout')
  }
}

/** Without either header a request is complete as soon as its headers are. */
function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const where = `${host}:${port}`
  if (error.code === 'EADDRINUSE') {
    return new ConfigurationError(
      `listen: another process listens on ${where} already; choose another port, as in --listen ${host}:${port + 1}`,
    )
  }
  if (error.code === 'EACCES') return new ConfigurationError(`listen: no permission to listen on ${where}`)
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new ConfigurationError(`listen: this machine has no address ${host}`)
  }
  return error
}
