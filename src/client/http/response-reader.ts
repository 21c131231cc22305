/** An HTTP response, read whole. Header names are in lower case; of a repeated header the values are joined by `, `. */
export interface HttpResponse {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

/** What came is not HTTP/1.1, or more than this client takes. */
export class ResponseFormatError extends Error {}

const HEAD_BYTES_MAX = 64 * 1024
/** Answers of the control plane are small; anything near this is not one. */
const RESPONSE_BYTES_MAX = 64 * 1024 * 1024

interface Head {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
}

/**
 * Puts one HTTP/1.1 response together from the bytes of a connection. Feed it what arrives and, at the end of the connection, call
 * `finish`; either gives the response once it is complete.
 */
export class ResponseReader {
  /** What came of the head so far. */
  #start: Buffer = Buffer.alloc(0)
  #receivedBytes = 0
  #head: Head | undefined
  #body: Body | undefined
  readonly #hasBody: boolean

  constructor({ hasBody = true }: { readonly hasBody?: boolean } = {}) {
    this.#hasBody = hasBody
  }

  push(bytes: Buffer): HttpResponse | undefined {
    this.#receivedBytes += bytes.length
    if (this.#receivedBytes > RESPONSE_BYTES_MAX)
      throw new ResponseFormatError(`the response is larger than ${RESPONSE_BYTES_MAX} bytes`)
    const rest = this.#head === undefined ? this.#readHead(bytes) : bytes
    return rest === undefined ? undefined : this.#respond(this.#body?.push(rest))
  }

  /** @throws ResponseFormatError when the connection ended before the response did. */
  finish(): HttpResponse {
    const response = this.#respond(this.#body?.finish())
    if (response === undefined) throw new ResponseFormatError('the connection ended before the response did')
    return response
  }

  #respond(body: Buffer | undefined): HttpResponse | undefined {
    return this.#head === undefined || body === undefined ? undefined : { ...this.#head, body }
  }

  /** What came behind the head; undefined while that is not all there. */
  #readHead(bytes: Buffer): Buffer | undefined {
    const searchedBytes = this.#start.length
    this.#start = searchedBytes === 0 ? bytes : Buffer.concat([this.#start, bytes])
    const end = this.#start.indexOf('\r\n\r\n', Math.max(0, searchedBytes - 3))
    if (end < 0) {
      if (this.#start.length > HEAD_BYTES_MAX)
        throw new ResponseFormatError(`the response's head is larger than ${HEAD_BYTES_MAX} bytes`)
      return undefined
    }
    const head = parseHead(this.#start.toString('latin1', 0, end))
    const rest = this.#start.subarray(end + 4)
    this.#start = Buffer.alloc(0)
    // An interim response (100, 103) stands before the real one.
    if (head.status < 200) return this.#readHead(rest)
    this.#head = head
    this.#body = this.#bodyOf(head)
    return rest
  }

  #bodyOf({ status, headers }: Head): Body {
    if (!this.#hasBody || status === 204 || status === 304) return new PlainBody(0)
    if (headers.get('transfer-encoding')?.toLowerCase().endsWith('chunked') === true) return new ChunkedBody()
    const length = headers.get('content-length')
    if (length === undefined) return new PlainBody(undefined)
    if (!/^\d{1,15}$/.test(length)) throw new ResponseFormatError(`Content-Length is ${length}`)
    return new PlainBody(Number(length))
  }
}

function parseHead(text: string): Head {
  const [statusLine = '', ...lines] = text.split('\r\n')
  const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine)?.[1]
  if (status === undefined)
    throw new ResponseFormatError('the response does not start as an HTTP response does')
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon < 1) throw new ResponseFormatError('a header line of the response has no name')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return { status: Number(status), headers }
}

/** Puts a body together; either call gives the whole of it once that is there. */
interface Body {
  push(bytes: Buffer): Buffer | undefined
  /** The connection has ended. */
  finish(): Buffer | undefined
}

/** A body of a known size, or one that ends with its connection. */
class PlainBody implements Body {
  readonly #sizeBytes: number | undefined
  readonly #pieces: Buffer[] = []
  #receivedBytes = 0

  constructor(sizeBytes: number | undefined) {
    this.#sizeBytes = sizeBytes
  }

  push(bytes: Buffer): Buffer | undefined {
    this.#pieces.push(bytes)
    this.#receivedBytes += bytes.length
    if (this.#sizeBytes === undefined || this.#receivedBytes < this.#sizeBytes) return undefined
    return Buffer.concat(this.#pieces).subarray(0, this.#sizeBytes)
  }

  finish(): Buffer | undefined {
    return this.#sizeBytes === undefined ? Buffer.concat(this.#pieces) : undefined
  }
}

/** Longest line in a chunked body: a size, or a trailer. */
const LINE_BYTES_MAX = 16 * 1024
const LINE_END_BYTES = 2

/** Takes a chunked body apart as it arrives: each byte is looked at once, however small the pieces. */
class ChunkedBody implements Body {
  readonly #parts: Buffer[] = []
  /** The start of a line that is not all there. */
  #line = ''
  /** Of the chunk under way: its bytes and the end of line behind them. */
  #leftBytes = 0
  #isInTrailers = false

  push(bytes: Buffer): Buffer | undefined {
    for (let at = 0; at < bytes.length;) {
      if (this.#leftBytes > 0) {
        at += this.#take(bytes.subarray(at, at + this.#leftBytes))
        continue
      }
      const end = bytes.indexOf('\n', at)
      this.#line += bytes.toString('latin1', at, end < 0 ? bytes.length : end)
      if (this.#line.length > LINE_BYTES_MAX)
        throw new ResponseFormatError(`a line of the response's body is larger than ${LINE_BYTES_MAX} bytes`)
      if (end < 0) return undefined
      at = end + 1
      if (this.#endLine()) return Buffer.concat(this.#parts)
    }
    return undefined
  }

  finish(): undefined {
    return undefined
  }

  /** Gives how many bytes that was. */
  #take(piece: Buffer): number {
    const content = piece.subarray(0, Math.max(0, this.#leftBytes - LINE_END_BYTES))
    this.#leftBytes -= piece.length
    if (content.length > 0) this.#parts.push(content)
    return piece.length
  }

  /** Whether the body ends with this line. Trailers, if any, end with an empty one. */
  #endLine(): boolean {
    const line = this.#line.trimEnd()
    this.#line = ''
    if (this.#isInTrailers) return line === ''
    const size = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i.exec(line)?.[1]
    if (size === undefined) throw new ResponseFormatError('a chunk of the response has no size')
    const sizeBytes = Number.parseInt(size, 16)
    if (sizeBytes === 0) this.#isInTrailers = true
    else this.#leftBytes = sizeBytes + LINE_END_BYTES
    return false
  }
}
