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
const BODY_BYTES_MAX = 64 * 1024 * 1024

interface Head {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
}

/**
 * Puts one HTTP/1.1 response together from the bytes of a connection. Feed it what arrives and, at the end of the connection, call
 * `finish`; either gives the response once it is complete.
 */
export class ResponseReader {
  #buffered: Buffer = Buffer.alloc(0)
  #head: Head | undefined
  #searchedBytes = 0
  readonly #hasBody: boolean

  constructor({ hasBody = true }: { readonly hasBody?: boolean } = {}) {
    this.#hasBody = hasBody
  }

  /** Whether any byte of the response has arrived. */
  get hasStarted(): boolean {
    return this.#head !== undefined || this.#buffered.length > 0
  }

  push(bytes: Buffer): HttpResponse | undefined {
    this.#buffered = this.#buffered.length === 0 ? bytes : Buffer.concat([this.#buffered, bytes])
    if (this.#buffered.length > BODY_BYTES_MAX)
      throw new ResponseFormatError(`the response is larger than ${BODY_BYTES_MAX} bytes`)
    return this.#read(false)
  }

  /** @throws ResponseFormatError when the connection ended before the response did. */
  finish(): HttpResponse {
    const response = this.#read(true)
    if (response === undefined) throw new ResponseFormatError('the connection ended before the response did')
    return response
  }

  #read(isEnd: boolean): HttpResponse | undefined {
    this.#head ??= this.#readHead()
    if (this.#head === undefined) return undefined
    const { status, headers } = this.#head
    // An interim response (100, 103) stands before the real one.
    if (status < 200) {
      this.#head = undefined
      return this.#read(isEnd)
    }
    if (!this.#hasBody || status === 204 || status === 304) return { status, headers, body: Buffer.alloc(0) }
    if (headers.get('transfer-encoding')?.toLowerCase().endsWith('chunked') === true) {
      const body = joinChunks(this.#buffered)
      return body === undefined ? undefined : { status, headers, body }
    }
    const length = headers.get('content-length')
    if (length === undefined) return isEnd ? { status, headers, body: this.#buffered } : undefined
    if (!/^\d{1,15}$/.test(length)) throw new ResponseFormatError(`Content-Length is ${length}`)
    const size = Number(length)
    return this.#buffered.length >= size
      ? { status, headers, body: this.#buffered.subarray(0, size) }
      : undefined
  }

  #readHead(): Head | undefined {
    const end = this.#buffered.indexOf('\r\n\r\n', Math.max(0, this.#searchedBytes - 3))
    if (end < 0) {
      this.#searchedBytes = this.#buffered.length
      if (this.#searchedBytes > HEAD_BYTES_MAX)
        throw new ResponseFormatError(`the response's head is larger than ${HEAD_BYTES_MAX} bytes`)
      return undefined
    }
    const head = parseHead(this.#buffered.toString('latin1', 0, end))
    this.#buffered = this.#buffered.subarray(end + 4)
    this.#searchedBytes = 0
    return head
  }
}

function parseHead(text: string): Head {
  const [statusLine = '', ...lines] = text.split('\r\n')
  const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine)?.[1]
  if (status === undefined)
    throw new ResponseFormatError('the answer does not start as an HTTP response does')
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

/** The body of a chunked response, or undefined when it is not all there yet. */
function joinChunks(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i.exec(bytes.toString('latin1', at, lineEnd))?.[1]
    if (size === undefined) throw new ResponseFormatError('a chunk of the response has no size')
    const start = lineEnd + 2
    const end = start + Number.parseInt(size, 16)
    if (end === start) {
      // Trailers, if any, end with an empty line.
      const isWhole = bytes.indexOf('\r\n', start) === start || bytes.includes('\r\n\r\n', start)
      return isWhole ? Buffer.concat(parts) : undefined
    }
    if (bytes.length < end + 2) return undefined
    parts.push(bytes.subarray(start, end))
    at = end + 2
  }
}
