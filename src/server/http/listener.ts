import { createServer as createHttpServer, type Server as HttpServer, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ListenAddress } from '../configuration/address.ts'
import type { Network } from '../configuration/networks.ts'
import { ClientAddresses, plainAddress } from './client-address.ts'
import { transportErrorCode, type TransportErrorCode } from './client-error.ts'
import { Connection, type ConnectionHost, type CutReason } from './connection.ts'
import { Connections } from './connections.ts'
import { FailedSignatures } from './failed-signatures.ts'
import type { Frontend } from './frontend.ts'
import { RequestClient } from './request-client.ts'
import { listenError } from './listen-error.ts'
import { ProbeReserve } from './probe-reserve.ts'
import { WatchedRequest } from './watched-request.ts'
import { readTlsFiles, validityOf, type TlsFiles, type TlsIdentity } from './tls-files.ts'

/** How often connections are looked at: whose headers or handshake take too long, whose client is too slow. */
const CONNECTIONS_CHECK_INTERVAL_MS = 1_000
/** How long the last responses may take to reach their clients when the server stops. */
const LAST_RESPONSES_MS = 5_000
/** Headers of one request: more than the metadata of any object takes. */
const HEADERS_MAX = 800

/** For a year browsers come to this host by TLS only. Subdomains are their own affair. */
const HSTS = 'max-age=31536000'

/** What clients may take at most of what the listener has. */
export interface ListenerLimits {
  readonly connectionsMax: number
  readonly connectionsPerAddressMax: number
  readonly headerBytesMax: number
  readonly headerTimeoutMs: number
  readonly idleTimeoutMs: number
  readonly keepAliveTimeoutMs: number
  /** Of what a client sends and takes, over the idle timeout; 0: any rate will do. */
  readonly bytesPerSecondMin: number
  /** Of one address; 0: any number. */
  readonly failedSignaturesPerMinuteMax: number
}

interface ListenerOptions {
  readonly address: ListenAddress
  readonly tls: TlsFiles | null
  readonly limits: ListenerLimits
  readonly frontend: Frontend
  /** Proxies whose word on where a request came from counts; none when absent. */
  readonly trustedProxies?: readonly Network[]
  /** Monotonic; the process's own when absent. */
  readonly nowMs?: () => number
  readonly onConnections?: (open: number) => void
  /** Hears of a connection that was closed because there was no room for it, and how many its address has. */
  readonly onRefusedConnection?: (address: string, openFromThere: number) => void
  /** Hears of a connection that the server ended of its own accord. */
  readonly onCutConnection?: (reason: CutReason, address: string) => void
  /** Hears of an address from which too many signatures were wrong within a minute. */
  readonly onHeldOff?: (address: string) => void
  /** Whether the process lives as long as the listener listens, whatever else it does; true when absent. */
  readonly holdsProcess?: boolean
  /** Hears of a connection that the system could not hand over, as when the process has no descriptor left. */
  readonly onAcceptError: (error: Error) => void
}

/** A listening socket with its bounds: nobody can hold a connection by being slow, send endless headers, or open endless connections. */
export class Listener {
  readonly #server: HttpServer<typeof WatchedRequest> | HttpsServer<typeof WatchedRequest>
  /** The certificate that new connections get; null without TLS. */
  #identity: TlsIdentity | null
  readonly #options: ListenerOptions
  readonly #nowMs: () => number
  readonly #connections: Connections<Connection>
  readonly #reserve = new ProbeReserve()
  readonly #clientAddresses: ClientAddresses
  readonly #failedSignatures: FailedSignatures
  readonly #host: ConnectionHost
  /** By what HTTP is spoken on. */
  readonly #connectionOf = new WeakMap<Duplex, Connection>()
  /** Those whose TLS handshake is not over, by {@link endOf}. */
  readonly #handshaking = new Map<string, Connection>()
  #checkTimer: NodeJS.Timeout | undefined

  constructor(options: ListenerOptions) {
    this.#options = options
    this.#nowMs = options.nowMs ?? (() => performance.now())
    const { limits, tls } = options
    this.#connections = new Connections(limits)
    this.#clientAddresses = new ClientAddresses(options.trustedProxies ?? [])
    this.#failedSignatures = new FailedSignatures({
      perMinuteMax: limits.failedSignaturesPerMinuteMax,
      nowMs: this.#nowMs,
      onHeldOff: (address) => options.onHeldOff?.(address),
    })
    this.#host = {
      transferLimits: { bytesPerSecondMin: limits.bytesPerSecondMin, windowMs: limits.idleTimeoutMs },
      handshakeTimeoutMs: limits.headerTimeoutMs,
      begin: (connection, request, response) => this.#begin(connection, request, response),
      onCut: (connection, reason) => options.onCutConnection?.(reason, addressOf(connection.raw)),
      onFree: (connection) => this.#free(connection),
    }
    const httpOptions = {
      IncomingMessage: WatchedRequest,
      maxHeaderSize: limits.headerBytesMax,
      headersTimeout: limits.headerTimeoutMs,
      // A body may take as long as it likes while it comes fast enough; the connection's owner ends one that does not.
      requestTimeout: 0,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      connectionsCheckingInterval: CONNECTIONS_CHECK_INTERVAL_MS,
      noDelay: true,
      // Node would answer, and go on reading, without anybody hearing of it.
      requireHostHeader: false,
    }
    this.#identity = tls && readTlsFiles(tls)
    this.#server = this.#identity
      ? createHttpsServer({ ...httpOptions, ...this.#identity, handshakeTimeout: limits.headerTimeoutMs })
      : createHttpServer(httpOptions)
    const server = this.#server
    server.maxHeadersCount = HEADERS_MAX
    server.setTimeout(limits.idleTimeoutMs, (socket: Socket) => {
      const connection = this.#connectionOf.get(socket)
      if (connection) connection.onIdle()
      else socket.destroy()
    })
    server.on('connection', (socket: Socket) => this.#accept(socket))
    if (tls) server.on('secureConnection', (socket: Socket) => this.#secured(socket))
    server.on('request', (request, response) => this.#receive(request, response, false))
    server.on('checkContinue', (request, response) => this.#receive(request, response, true))
    // S3 passes over expectations that it does not know.
    server.on('checkExpectation', (request, response) => this.#receive(request, response, false))
    // Unheard, Node would close the connection without a word.
    server.on('connect', (_request, socket: Duplex) => {
      const connection = this.#connectionOf.get(socket)
      if (connection) connection.refuseTunnel()
      else socket.destroy()
    })
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      const connection = this.#connectionOf.get(socket)
      if (!connection || error.code === 'ECONNRESET') socket.destroy()
      else connection.refuse(transportErrorCode(error.code))
    })
  }

  /** Ends connections whose clients take too long; done every second while the server listens. */
  checkConnections(): void {
    const nowMs = this.#nowMs()
    for (const connection of this.#connections) connection.check(nowMs)
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
    if (this.#options.holdsProcess === false) this.#server.unref()
    this.#checkTimer = setInterval(() => this.checkConnections(), CONNECTIONS_CHECK_INTERVAL_MS).unref()
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
      // The last responses may still be on their way to their clients; their connections close behind them.
      const grace = setTimeout(() => this.#closeAll(), LAST_RESPONSES_MS)
      this.#server.closeIdleConnections()
      await closed
      clearTimeout(grace)
      clearInterval(this.#checkTimer)
      return 0
    }
    this.#closeAll()
    await closed
    clearInterval(this.#checkTimer)
    return cut
  }

  #accept(socket: Socket): void {
    const { tls, onConnections, onRefusedConnection, holdsProcess } = this.#options
    if (holdsProcess === false) socket.unref()
    const address = addressOf(socket)
    const connection = new Connection(socket, this.#host, this.#nowMs())
    const isOfProxy = this.#clientAddresses.isTrusted(address)
    if (this.#connections.admit(connection, address, cutCrowded, isOfProxy)) {
      socket.once('close', () => {
        this.#connections.remove(connection)
        onConnections?.(this.#connections.size)
      })
      onConnections?.(this.#connections.size)
    } else {
      const onRefused = () => onRefusedConnection?.(address, this.#connections.countOf(address))
      if (!this.#reserve.admit(connection, address, onRefused)) return
    }
    const end = endOf(socket)
    socket.once('close', () => this.#handshaking.delete(end))
    if (tls) this.#handshaking.set(end, connection)
    else this.#speakHttp(connection, socket)
  }

  #secured(socket: Socket): void {
    const end = endOf(socket)
    const connection = this.#handshaking.get(end)
    this.#handshaking.delete(end)
    if (connection) this.#speakHttp(connection, socket)
    else socket.destroy()
  }

  #speakHttp(connection: Connection, socket: Socket): void {
    this.#connectionOf.set(socket, connection)
    connection.speakHttp(socket)
  }

  #receive(request: WatchedRequest, response: ServerResponse, expectsContinue: boolean): void {
    const connection = this.#connectionOf.get(request.socket)
    if (connection) connection.receive(request, response, expectsContinue)
    else request.socket.destroy()
  }

  #begin(
    connection: Connection,
    request: WatchedRequest,
    response: ServerResponse,
  ): TransportErrorCode | null {
    const { frontend, tls } = this.#options
    const { headers, rawHeaders } = request
    if (connection.isReserved) {
      if (!frontend.isProbe(request)) {
        connection.raw.destroy()
        return null
      }
      connection.hasProbed = true
      response.shouldKeepAlive = false
    }
    if (tls) response.setHeader('Strict-Transport-Security', HSTS)
    // Beyond the bound Node leaves headers out, and what was signed would not be what is seen.
    if (rawHeaders.length >= HEADERS_MAX * 2) return 'RequestHeaderSectionTooLarge'
    if (headers.host === undefined && request.httpVersion === '1.1') return 'InvalidRequest'
    // Its bytes would be stored as they came, which no reader could tell.
    if (hasOtherCoding(headers['transfer-encoding'])) return 'NotImplemented'
    const peer = addressOf(connection.raw)
    const forwardedFor = headers['x-forwarded-for']
    const address = this.#clientAddresses.of(
      peer,
      typeof forwardedFor === 'string' ? forwardedFor : undefined,
    )
    connection.serve(address)
    if (address !== peer && !connection.isReserved && !this.#count(connection, address, request))
      return 'SlowDown'
    const isSecure =
      tls !== null || (headers['x-forwarded-proto'] === 'https' && this.#clientAddresses.isTrusted(peer))
    const failedSignatures = this.#failedSignatures
    frontend.receive(
      request,
      response,
      new RequestClient({ address, isSecure, connection, failedSignatures }),
    )
    return null
  }

  /** Counts a proxy's connection for the client whose request begins. False: that client has too many already. */
  #count(connection: Connection, address: string, request: WatchedRequest): boolean {
    if (this.#connections.move(connection, address, cutCrowded)) return true
    if (this.#options.frontend.isProbe(request)) return true
    this.#options.onRefusedConnection?.(address, this.#connections.countOf(address))
    return false
  }

  #free(connection: Connection): void {
    const peer = addressOf(connection.raw)
    if (this.#clientAddresses.isTrusted(peer)) this.#connections.moveBack(connection, peer)
  }

  #closeAll(): void {
    this.#server.closeAllConnections()
    for (const connection of [...this.#connections, ...this.#reserve]) connection.raw.destroy()
  }
}

/** Whether a Transfer-Encoding names more than `chunked`. */
const hasOtherCoding = (codings: string | undefined): boolean =>
  codings !== undefined && codings.trim().toLowerCase() !== 'chunked'

const cutCrowded = (crowded: Connection): void => crowded.cut('crowded')

/** The other end of a connection; empty when it is gone already. */
const addressOf = ({ remoteAddress = '' }: Socket): string => plainAddress(remoteAddress)

/** Tells a connection from all others that are open, with and without the TLS on it. */
const endOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`
