import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { answerTransportError, type TransportErrorCode } from './client-error.ts'
import { continueWhenRead } from './expect-continue.ts'
import { RequestGate } from './request-gate.ts'
import { TransferWatch, type TransferLimits, type TransferState } from './transfer-watch.ts'
import type { WatchedRequest } from './watched-request.ts'

/** How long, and how much, the rest of a body that nobody wants is still read after the response, so that the client gets to read that response. */
const LINGER_MS = 5_000
const LINGER_BYTES_MAX = 16 * 1024 * 1024
/** Heads that may be parsed while another request is under way: those that began in the bytes of its body. */
const WAITING_REQUESTS_MAX = 32
/** What may be sent ahead of responses by one whose signature was not seen yet, and by anyone. */
const AHEAD_BYTES_MAX = 32 * 1024
const AHEAD_BYTES_MAX_PROVEN = 256 * 1024

/** Why the server ended a connection of its own accord. */
export type CutReason = 'handshake' | 'idle' | 'slow-sender' | 'slow-reader' | 'crowded' | 'pipelining'

/** What a connection tells, and asks of, who keeps all of them. */
export interface ConnectionHost {
  readonly transferLimits: TransferLimits
  /** Time for the TLS handshake. */
  readonly handshakeTimeoutMs: number
  /** Begins a request; its response's `close` tells that it is over. Gives the error of one that cannot be begun. */
  readonly begin: (
    connection: Connection,
    request: WatchedRequest,
    response: ServerResponse,
  ) => TransportErrorCode | null
  readonly onCut: (connection: Connection, reason: CutReason) => void
  /** Its request is answered, and no other is under way. */
  readonly onFree: (connection: Connection) => void
}

interface Exchange {
  readonly request: WatchedRequest
  readonly response: ServerResponse
}

/**
 * The owner of one connection: of its socket, of the one request that is under way on it, and of those that wait behind it. Requests are
 * begun one after the other, so that when the connection goes, the one that was begun hears of it and nothing else is open.
 */
export class Connection {
  /** As the system handed it over: beneath TLS, where there is TLS. */
  readonly raw: Socket
  readonly #host: ConnectionHost
  readonly #openedAtMs: number
  readonly #watch = new TransferWatch()
  /** What HTTP is spoken on; null before the TLS handshake is over. */
  #socket: Socket | null = null
  #gate: RequestGate | null = null
  #current: Exchange | null = null
  readonly #waiting: Exchange[] = []
  #lingerTimer: NodeJS.Timeout | null = null
  /** Whose requests come over it now, behind a proxy; null before the first. */
  #client: string | null = null
  /** Whether a signature of its client that came over it was right. */
  isProven = false
  /** Whether its client took bytes that the system had not taken at once. */
  hasTaken = false
  /** Whether there was no room for it, so that it may only ask for the server's health; whether it did. */
  isReserved = false
  hasProbed = false

  constructor(raw: Socket, host: ConnectionHost, nowMs: number) {
    this.raw = raw
    this.#host = host
    this.#openedAtMs = nowMs
    // Node's own listener goes where it gives a connection away; the connection's end tells all that there is to know.
    raw.on('error', () => undefined)
    raw.once('close', () => {
      this.#waiting.length = 0
      if (this.#lingerTimer) clearTimeout(this.#lingerTimer)
    })
  }

  /** Whether no request is under way. */
  get isIdle(): boolean {
    return this.#current === null
  }

  /** The request that begins is of the client with this address: what another showed, before it over the same proxy, says nothing about it. */
  serve(client: string): void {
    if (client === this.#client) return
    this.#client = client
    this.isProven = false
    this.hasTaken = false
  }

  /** Takes over what the HTTP server made of the connection: its listener for `data` gets what may pass. */
  speakHttp(socket: Socket): void {
    const [feed, ...others] = socket.listeners('data') as ((bytes: Buffer) => void)[]
    if (!feed || others.length > 0) throw new TypeError('a connection must have one HTTP parser')
    socket.off('data', feed)
    if (socket !== this.raw) socket.on('error', () => undefined)
    this.#socket = socket
    this.#gate = new RequestGate({ socket, feed, isBusy: () => this.#current !== null })
  }

  /** Takes a request whose head was parsed just now, and begins it when its turn comes. */
  receive(request: WatchedRequest, response: ServerResponse, expectsContinue: boolean): void {
    this.#gate?.begin(request)
    if (expectsContinue) continueWhenRead(request, response)
    if (this.#current === null) this.#begin({ request, response })
    else if (this.#waiting.push({ request, response }) > WAITING_REQUESTS_MAX) this.cut('pipelining')
  }

  /** A tunnel is asked for: Node has taken its parser off the connection, and gives that to others. */
  refuseTunnel(): void {
    this.#gate?.shut()
    this.refuse('MethodNotAllowed')
  }

  /** What came cannot be read as HTTP. */
  refuse(code: TransportErrorCode): void {
    const socket = this.#socket
    if (!socket) return void this.raw.destroy()
    const answerError = () => answerTransportError(socket, code)
    const current = this.#current
    // It came behind a whole request: nobody may take this refusal for the response to that one.
    if (current?.request.complete === true && !current.response.writableFinished)
      current.response.once('finish', answerError)
    else if (current?.response.headersSent === true) socket.destroy()
    else answerError()
  }

  /** Nothing has moved for the idle timeout. */
  onIdle(): void {
    if (!this.#current) this.raw.destroy()
    // Whether its client takes what it is sent shows over a longer time; see TransferWatch.
    else if (this.#socket && this.#transferState(this.#socket)?.direction === 'sending') return
    else if (!this.#isServerTheSlowOne(this.#current)) this.cut('idle')
  }

  /** To be called now and then: ends the connection when its client takes too long. */
  check(nowMs: number): void {
    if (this.raw.destroyed) return
    if (!this.#socket) {
      if (nowMs - this.#openedAtMs > this.#host.handshakeTimeoutMs) this.cut('handshake')
      return
    }
    const state = this.#transferState(this.#socket)
    if (this.#watch.isTooSlow(state, this.#host.transferLimits, nowMs))
      this.cut(state?.direction === 'sending' ? 'slow-reader' : 'slow-sender')
    else if (this.#isTooFarAhead) this.cut('pipelining')
  }

  /** Ends the connection and what is open on it. A request that was not answered yet is told why. */
  cut(reason: CutReason): void {
    this.#host.onCut(this, reason)
    const socket = this.#socket ?? this.raw
    const isAnswerable =
      (reason === 'idle' || reason === 'slow-sender') && this.#current?.response.headersSent === false
    if (isAnswerable) answerTransportError(socket, 'RequestTimeout')
    else socket.destroy()
  }

  #begin(exchange: Exchange): void {
    const { response } = exchange
    this.#current = exchange
    response.once('close', () => this.#onAnswered(exchange))
    const refused = this.#host.begin(this, exchange.request, response)
    if (refused !== null) answerTransportError(this.#socket ?? this.raw, refused)
  }

  #onAnswered(exchange: Exchange): void {
    const { request } = exchange
    if (this.raw.destroyed) return
    if (request.complete) this.#next()
    else this.#linger(request)
  }

  #next(): void {
    this.#current = null
    // The response said that it is the last.
    if (this.#socket?.writable !== true) return
    const next = this.#waiting.shift()
    if (next) return this.#begin(next)
    this.#host.onFree(this)
    this.#gate?.advance()
  }

  /** A client that still sends what nobody wants would lose the response if the connection were closed under its hands. */
  #linger(request: WatchedRequest): void {
    this.#lingerTimer = setTimeout(() => this.raw.destroy(), LINGER_MS).unref()
    if (this.#gate?.skipBody(LINGER_BYTES_MAX) !== true) return
    request.once('end', () => {
      if (this.#lingerTimer) clearTimeout(this.#lingerTimer)
      this.#next()
    })
    // Who began to read it, and refused it halfway, may still listen, and then it would not flow. Node sees on the next tick that nobody
    // does any more, and lets nothing flow then until it is told to.
    request.removeAllListeners('readable').removeAllListeners('data')
    process.nextTick(() => request.resume())
  }

  /** What the client is waited for, if it is. */
  #transferState(socket: Socket): TransferState | null {
    if (!this.#current) return null
    const { request, response } = this.#current
    if (!request.complete && !response.writableEnded)
      return this.#gate?.isBodyWanted === true && !socket.isPaused()
        ? { direction: 'receiving', movedBytes: this.#gate.receivedBytes }
        : null
    return socket.writableLength > 0 ? { direction: 'sending', movedBytes: sentBytes(socket) } : null
  }

  get #isTooFarAhead(): boolean {
    const isAhead = this.#current?.request.complete === true
    return (
      isAhead && (this.#gate?.waitingBytes ?? 0) > (this.isProven ? AHEAD_BYTES_MAX_PROVEN : AHEAD_BYTES_MAX)
    )
  }

  #isServerTheSlowOne({ request, response }: Exchange): boolean {
    if (!request.complete) return this.#gate?.isBodyWanted === false && !response.writableEnded
    return !response.writableNeedDrain && !response.writableEnded
  }
}

/** What the system took over. Without a look at what it has not taken yet, a large piece would count as sent, or not, as a whole. */
function sentBytes(socket: Socket): number {
  const handle = (socket as { readonly _handle?: { readonly writeQueueSize?: number } | null })._handle
  return socket.bytesWritten - (handle?.writeQueueSize ?? socket.writableLength)
}
