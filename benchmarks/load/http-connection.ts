import { connect, type Socket } from 'node:net'

/** A request made ready before the clock starts: nothing is signed or formatted while it is measured. */
export interface PreparedRequest {
  /** Request line and headers, with the empty line at the end. */
  readonly head: Buffer
  readonly body?: readonly Buffer[]
  /** HEAD answers have no body whatever they announce. */
  readonly isHead?: boolean
}

export interface HttpResponse {
  readonly status: number
  readonly bodyBytes: number
  /** Headers, in latin1, as they came. */
  readonly head: string
}

/** Gets bytes of the body that it may look at until it returns, and where they lie in it. */
type BodyListener = (bytes: Buffer, offset: number) => void
type Framing =
  | { readonly kind: 'length'; left: number }
  | { readonly kind: 'chunked'; left: number; isTrailer: boolean }

const HEAD_BYTES_MAX = 64 * 1024
/**
 * One read. All reads of a connection fill the same buffer: a new one for each costs the client more than everything else that it does
 * with a large body, and it would be the client that was measured.
 */
const READ_BYTES = 256 * 1024

/**
 * One keep-alive HTTP/1.1 connection that sends prepared requests one after the other: as little client work as a correct client can
 * do, so that the server is what is measured.
 */
export class HttpConnection {
  readonly #host: string
  readonly #port: number
  readonly #readBuffer = Buffer.allocUnsafeSlow(READ_BYTES)
  #socket: Socket | null = null
  #pending: Buffer = Buffer.alloc(0)
  #answer: { status: number; head: string; framing: Framing; bodyBytes: number } | null = null
  #current: {
    resolve: (response: HttpResponse) => void
    reject: (error: Error) => void
    isHead: boolean
    onBody?: BodyListener
  } | null = null

  constructor(host: string, port: number) {
    this.#host = host
    this.#port = port
  }

  /** Sends and waits for the whole response. Reconnects when the server closed the connection after an earlier response. */
  async send(request: PreparedRequest, onBody?: BodyListener): Promise<HttpResponse> {
    const socket = await this.#open()
    return await new Promise((resolve, reject) => {
      this.#current = { resolve, reject, isHead: request.isHead ?? false, ...(onBody ? { onBody } : {}) }
      socket.cork()
      socket.write(request.head)
      const body = request.body ?? []
      const first = body[0]
      if (first) socket.write(first)
      socket.uncork()
      if (body.length > 1) void this.#writeRest(socket, body)
    })
  }

  close(): void {
    this.#socket?.destroy()
    this.#socket = null
  }

  async #writeRest(socket: Socket, body: readonly Buffer[]): Promise<void> {
    if (socket.writableNeedDrain) await drained(socket)
    for (const piece of body.slice(1)) {
      if (socket.destroyed) return
      if (!socket.write(piece)) await drained(socket)
    }
  }

  async #open(): Promise<Socket> {
    if (this.#socket && !this.#socket.destroyed) return this.#socket
    const socket = connect({
      host: this.#host,
      port: this.#port,
      noDelay: true,
      onread: {
        buffer: this.#readBuffer,
        callback: (length) => {
          this.#receive(this.#readBuffer.subarray(0, length))
          return true
        },
      },
    })
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    socket.removeAllListeners('error')
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () =>
      this.#fail(new Error('the server closed the connection in the middle of a response')),
    )
    this.#socket = socket
    this.#pending = Buffer.alloc(0)
    this.#answer = null
    return socket
  }

  #fail(error: Error): void {
    const current = this.#current
    this.#current = null
    this.close()
    current?.reject(error)
  }

  #receive(bytes: Buffer): void {
    let data = this.#pending.length > 0 ? Buffer.concat([this.#pending, bytes]) : bytes
    this.#pending = Buffer.alloc(0)
    while (data.length > 0 && this.#current) {
      if (!this.#answer) {
        const end = data.indexOf('\r\n\r\n')
        if (end < 0) {
          if (data.length > HEAD_BYTES_MAX) this.#fail(new Error('the response has no end of headers'))
          else this.#pending = Buffer.from(data)
          return
        }
        const head = data.toString('latin1', 0, end)
        data = data.subarray(end + 4)
        const status = Number(head.slice(9, 12))
        if (status === 100) continue
        this.#answer = { status, head, framing: framingOf(head, status, this.#current.isHead), bodyBytes: 0 }
      }
      const rest = this.#consume(data)
      if (!rest) return
      data = rest
    }
  }

  /** Takes body bytes, and ends the response behind the last; gives what is left behind them, or null when more must come first. */
  #consume(data: Buffer): Buffer | null {
    const response = this.#answer
    if (!response) return data
    const framing = response.framing
    for (;;) {
      if (framing.left > 0) {
        const take = Math.min(framing.left, data.length)
        const piece = data.subarray(0, take)
        this.#current?.onBody?.(piece, response.bodyBytes)
        response.bodyBytes += take
        framing.left -= take
        data = data.subarray(take)
        if (framing.left > 0) return null
      }
      if (framing.kind === 'length') {
        this.#finish()
        return data
      }
      const line = data.indexOf('\r\n')
      if (line < 0) {
        this.#pending = Buffer.from(data)
        return null
      }
      const text = data.toString('latin1', 0, line)
      data = data.subarray(line + 2)
      if (framing.isTrailer) {
        if (text !== '') continue
        this.#finish()
        return data
      }
      if (text === '') continue
      framing.left = Number.parseInt(text, 16)
      if (framing.left === 0) framing.isTrailer = true
    }
  }

  #finish(): void {
    const { status, bodyBytes, head } = this.#answer ?? { status: 0, bodyBytes: 0, head: '' }
    const current = this.#current
    this.#answer = null
    this.#current = null
    if (/\r\nconnection: *close/i.test(head)) this.close()
    current?.resolve({ status, bodyBytes, head })
  }
}

/** Resolves when the socket takes more, or never will. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done)
      socket.off('close', done)
      resolve()
    }
    socket.on('drain', done)
    socket.on('close', done)
  })
}

function framingOf(head: string, status: number, isHead: boolean): Framing {
  if (isHead || status === 204 || status === 304) return { kind: 'length', left: 0 }
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return { kind: 'chunked', left: 0, isTrailer: false }
  return { kind: 'length', left: Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0) }
}
