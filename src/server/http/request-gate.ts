import type { Socket } from 'node:net'
import { CodedBody } from './coded-body.ts'
import type { WatchedRequest } from './watched-request.ts'

const HEAD_END = Buffer.from('\r\n\r\n', 'latin1')
/** Least bytes that the parser gets at once of a body in HTTP's chunked coding, where an end of a head may stand everywhere. */
const CODED_PIECE_BYTES_MIN = 512
/** Of such a body so much may wait for its reader, since each chunk, however small, is an object. */
const CODED_BYTES_WAITING_MAX = 16 * 1024
/** So much may come after the response that there are no tunnels, while that goes out. */
const BYTES_BEHIND_A_TUNNEL_MAX = 64 * 1024

interface RequestGateOptions {
  /** What the parser reads from; its `data` events come here first. */
  readonly socket: Socket
  /** Gives bytes to the HTTP parser. */
  readonly feed: (bytes: Buffer) => void
  /** Whether a request that came whole waits for its response, or for its turn. */
  readonly isBusy: () => boolean
}

/**
 * Stands between a connection and its HTTP parser and lets through what is asked for: a head when no other request is under way, a body when
 * somebody reads it. What comes sooner stays here as the bytes that it is, and the connection is not read meanwhile: requests that a client
 * sends ahead cost their bytes, and no more than one of them is begun.
 */
export class RequestGate {
  readonly #socket: Socket
  readonly #options: RequestGateOptions
  /** Came, and was not let through yet. */
  #rest: Buffer | null = null
  /** How much of the end of a head was seen at the end of the bytes before. */
  #headEndSeen = 0
  #request: WatchedRequest | null = null
  /** Bytes of the request's body that have not come yet; null when its chunked coding tells. */
  #bodyBytesLeft: number | null = 0
  /** Of a request whose body is in chunked coding. */
  #coded: CodedBody | null = null
  /** The bytes that wait cannot be passed on alone. */
  #isCut = false
  #isBodyWanted = false
  /** The reader asked for a piece and got none since: it does not ask twice. */
  #isPieceWanted = false
  #isFeeding = false
  #isPausing = false
  #bytesToDrop = 0
  /** Bytes that came over the connection. */
  receivedBytes = 0

  constructor(options: RequestGateOptions) {
    this.#options = options
    this.#socket = options.socket
    this.#socket.on('data', (bytes: Buffer) => this.#take(bytes))
    this.#socket.on('drain', () => this.advance())
  }

  /** Whether somebody reads the body of the newest request. */
  get isBodyWanted(): boolean {
    return this.#isBodyWanted
  }

  /** Bytes that came too soon. */
  get waitingBytes(): number {
    return (this.#rest?.length ?? 0) + this.#socket.readableLength
  }

  /** Must hear of each request as soon as its head is parsed. */
  begin(request: WatchedRequest): void {
    this.#request = request
    const length = request.headers['content-length']
    this.#bodyBytesLeft =
      request.headers['transfer-encoding'] !== undefined ? null : length === undefined ? 0 : Number(length)
    this.#isBodyWanted = false
    this.#coded = this.#bodyBytesLeft === null ? new CodedBody() : null
    if (this.#bodyBytesLeft === 0) return
    request.watch({
      beforeRead: () => {
        this.#isBodyWanted = true
        this.#isPieceWanted = true
      },
      afterRead: () => this.advance(),
    })
  }

  /**
   * Nobody wants the rest of the newest request's body: at most so many bytes of it are read. False when it may be longer than that, or its
   * end could be found only by parsing it: the bytes are dropped unseen then, and no other request can follow on this connection.
   */
  skipBody(bytesMax: number): boolean {
    const bytesLeft = this.#bodyBytesLeft
    if (bytesLeft !== null && bytesLeft <= bytesMax) return true
    this.#bytesToDrop = bytesMax
    this.#rest = null
    this.#resume()
    return false
  }

  /** What follows is dropped unseen, since there is no parser for it any more; when it is much, the connection ends. */
  shut(): void {
    this.#rest = null
    this.#bytesToDrop = BYTES_BEHIND_A_TUNNEL_MAX
  }

  /** Lets through what may pass now. */
  advance(): void {
    if (this.#isFeeding) return
    this.#isFeeding = true
    this.#isCut = false
    while (this.#rest !== null && !this.#socket.destroyed) {
      const wasPieceWanted = this.#isPieceWanted
      const permittedBytes = this.#permittedBytes(this.#rest)
      if (permittedBytes === 0) break
      const isCoded = this.#isInBody && this.#coded !== null
      const coded = isCoded ? (this.#coded?.pass(this.#rest) ?? null) : null
      const sizeBytes = coded?.takenBytes ?? (isCoded ? codedPieceBytes(this.#rest) : permittedBytes)
      if (sizeBytes === 0) {
        this.#isCut = true
        this.#isPieceWanted = wasPieceWanted
        break
      }
      const bytes = coded?.bytes ?? this.#rest.subarray(0, sizeBytes)
      this.#rest = sizeBytes === this.#rest.length ? null : this.#rest.subarray(sizeBytes)
      if (this.#isInBody && this.#bodyBytesLeft !== null) this.#bodyBytesLeft -= sizeBytes
      const readableBytes = this.#request?.readableLength
      this.#options.feed(bytes)
      // A chunk's ends alone are nothing for the reader.
      if (coded && this.#isInBody && this.#request?.readableLength === readableBytes)
        this.#isPieceWanted ||= wasPieceWanted
    }
    this.#isFeeding = false
    if (this.#rest === null || this.#isCut) this.#resume()
    else this.#pause()
  }

  #take(bytes: Buffer): void {
    this.receivedBytes += bytes.length
    if (this.#bytesToDrop > 0) {
      this.#bytesToDrop -= bytes.length
      if (this.#bytesToDrop <= 0) this.#socket.destroy()
      return
    }
    this.#rest = this.#rest === null ? bytes : Buffer.concat([this.#rest, bytes])
    this.advance()
  }

  get #isInBody(): boolean {
    return this.#request !== null && !this.#request.complete
  }

  #permittedBytes(rest: Buffer): number {
    if (this.#request !== null && !this.#request.complete) {
      if (!this.#isBodyWanted) return 0
      if (this.#bodyBytesLeft !== null) return Math.min(this.#bodyBytesLeft, rest.length)
      if (!this.#isPieceWanted && this.#request.readableLength > CODED_BYTES_WAITING_MAX) return 0
      this.#isPieceWanted = false
      return rest.length
    }
    // Node's parser stops itself while answers cannot leave, and must not be given anything then.
    if (this.#options.isBusy() || this.#socket.writableNeedDrain) return 0
    return this.#headBytes(rest)
  }

  /** Up to the end of the first head, or all. */
  #headBytes(rest: Buffer): number {
    const missing = HEAD_END.subarray(this.#headEndSeen)
    if (this.#headEndSeen > 0 && rest.subarray(0, missing.length).equals(missing)) {
      this.#headEndSeen = 0
      return missing.length
    }
    const at = rest.indexOf(HEAD_END)
    if (at < 0) this.#headEndSeen = seenAtEnd(rest, this.#headEndSeen)
    else this.#headEndSeen = 0
    return at < 0 ? rest.length : at + HEAD_END.length
  }

  #pause(): void {
    this.#isPausing = true
    this.#socket.pause()
  }

  #resume(): void {
    if (!this.#isPausing) return
    this.#isPausing = false
    this.#socket.resume()
  }
}

function codedPieceBytes(rest: Buffer): number {
  const at = rest.indexOf(HEAD_END, CODED_PIECE_BYTES_MIN - HEAD_END.length)
  return at < 0 ? rest.length : at + HEAD_END.length
}

/** How many bytes of the end of a head stand at the end of the bytes, which follow others with so many. */
function seenAtEnd(bytes: Buffer, seenBefore: number): number {
  const longer = bytes.length < HEAD_END.length ? seenBefore + bytes.length : HEAD_END.length - 1
  const tail = Buffer.concat([HEAD_END.subarray(0, seenBefore), bytes.subarray(-HEAD_END.length)])
  for (let seen = Math.min(longer, HEAD_END.length - 1); seen > 0; seen--)
    if (tail.subarray(-seen).equals(HEAD_END.subarray(0, seen))) return seen
  return 0
}
