import { connect, type Socket } from 'node:net'

/** What came back for one request. */
export type Outcome =
  | { readonly kind: 'answer'; readonly status: number; readonly head: string; readonly body: Buffer }
  /** The server closed the connection without a whole response; or the client left, as was asked for. */
  | { readonly kind: 'closed' }
  /** The server went on doing nothing after the client had said that nothing more would come. */
  | { readonly kind: 'hang' }

/** `keep`: wait for the response. `end`: say that nothing more will come. `leave`: break the connection, with or without a reset. */
export type Leaving = 'keep' | 'end' | 'leave' | 'reset'

/** After so long without a response the client ends its half, in case the server waits for more of the request. */
const PATIENCE_MS = 250
/** A server that has not answered or closed by then hangs. */
const HANG_MS = 30_000

/** One client that sends bytes as they are, and keeps its connection as long as the server does. */
export class FuzzConnection {
  readonly #port: number
  #socket: Socket | null = null
  #received: Buffer = Buffer.alloc(0)
  #onChange: () => void = () => undefined

  constructor(port: number) {
    this.#port = port
  }

  /** `isHead`: the response has no body. With another leaving than `keep` the connection is given up afterwards. */
  async exchange(pieces: readonly Buffer[], isHead: boolean, leaving: Leaving): Promise<Outcome> {
    const socket = this.#open()
    this.#received = Buffer.alloc(0)
    for (const piece of pieces) socket.write(piece)
    if (leaving === 'end') socket.end()
    if (leaving === 'leave' || leaving === 'reset') {
      await new Promise(setImmediate)
      if (leaving === 'reset') socket.resetAndDestroy()
      this.close()
      return { kind: 'closed' }
    }
    const outcome = await this.#outcome(socket, isHead)
    const isKept = outcome.kind === 'answer' && leaving === 'keep' && this.#received.length === 0
    if (!isKept || /^connection: close\r$/im.test(outcome.head)) this.close()
    return outcome
  }

  close(): void {
    this.#socket?.destroy()
    this.#socket = null
  }

  #open(): Socket {
    const kept = this.#socket
    if (kept && !kept.destroyed && kept.readable && kept.writable) return kept
    const socket = (this.#socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true }))
    const changed = (): void => {
      if (this.#socket === socket) this.#onChange()
    }
    socket.on('data', (piece: Buffer) => {
      if (this.#socket !== socket) return
      this.#received = this.#received.length === 0 ? piece : Buffer.concat([this.#received, piece])
      changed()
    })
    // A reset is an end like any other.
    socket.on('error', () => undefined)
    socket.on('close', changed)
    socket.on('end', changed)
    return socket
  }

  #outcome(socket: Socket, isHead: boolean): Promise<Outcome> {
    return new Promise((resolve) => {
      const patience = setTimeout(() => socket.end(), PATIENCE_MS)
      const limit = setTimeout(() => finish({ kind: 'hang' }), HANG_MS)
      const finish = (outcome: Outcome): void => {
        clearTimeout(patience)
        clearTimeout(limit)
        this.#onChange = () => undefined
        resolve(outcome)
      }
      this.#onChange = () => {
        const response = this.#takeResponse(isHead)
        if (response) finish(response)
        else if (socket.destroyed || socket.readableEnded) finish({ kind: 'closed' })
      }
      this.#onChange()
    })
  }

  /** The first whole response of what was received; interim responses are passed over. */
  #takeResponse(isHead: boolean): Outcome | null {
    for (;;) {
      const end = this.#received.indexOf('\r\n\r\n')
      if (end < 0) return null
      const head = this.#received.toString('latin1', 0, end + 2)
      const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1])
      if (!(status >= 100)) return { kind: 'answer', status: 0, head, body: this.#received }
      const rest = this.#received.subarray(end + 4)
      if (status < 200) {
        this.#received = rest
        continue
      }
      const hasNoBody = isHead || status === 204 || status === 304
      const length = hasNoBody ? 0 : Number(/^content-length: (\d+)\r$/im.exec(head)?.[1] ?? 0)
      if (rest.length < length) return null
      this.#received = rest.subarray(length)
      return { kind: 'answer', status, head, body: rest.subarray(0, length) }
    }
  }
}
