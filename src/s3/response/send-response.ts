import type { Readable } from 'node:stream'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import type { Exchange } from '../../api/exchange.ts'
import { CLIENT_GONE, sendBody } from './body-sender.ts'
import { orderedHeaders, writableHeaders } from './header-list.ts'
import type { S3Response } from './response-writer.ts'

interface SendOptions {
  readonly hostId: string
  /** Further headers: name, value, name, value, … */
  readonly extraHeaders: readonly string[]
}

/**
 * Sends a response. A body that is there already goes out in one write with the headers; a stream flows as fast as the client reads and
 * is destroyed when the client goes away. When a stream fails the connection is cut, so that nobody takes half a body for a whole one; when it
 * fails before its first byte nothing was sent, and its error is thrown.
 */
export async function sendResponse(
  exchange: Exchange,
  s3Response: S3Response,
  options: SendOptions,
): Promise<void> {
  const { request, response, requestId, facts } = exchange
  const { status, body } = s3Response
  if (response.destroyed) {
    if (isStream(body)) body.destroy()
    return
  }
  facts.hostId = options.hostId
  if (facts.accessLog) facts.responseBegunAt = performance.now()
  const own = ['x-amz-request-id', requestId, 'x-amz-id-2', options.hostId, 'Server', 'Lugsail']
  const headers = orderedHeaders([...own, ...options.extraHeaders, ...s3Response.headers])
  const sendsStream = isStream(body) && request.method !== 'HEAD'
  try {
    if (!sendsStream) writeHead(exchange, status, headers)
  } catch (error) {
    if (isStream(body)) body.destroy()
    throw error
  }
  // What is left of a body that nobody wanted has to leave the connection before the next request can come.
  if (!request.complete) request.resume()
  if (sendsStream) {
    const length = lengthOf(s3Response.headers)
    await sendStream(exchange, { body, length, begin: () => writeHead(exchange, status, headers) })
  } else if (body === null || request.method === 'HEAD' || isStream(body)) {
    if (isStream(body)) body.destroy()
    response.end()
  } else {
    facts.responseBodyBytes = body.length
    response.end(body, (error?: Error) => {
      // A connection that broke may still hold the bytes.
      if (!error) bodyBuffers.giveBack(body)
    })
  }
}

/** Writes status and headers, also where a stored text is none that HTTP can carry. */
function writeHead({ response, log }: Exchange, status: number, headers: string[]): void {
  try {
    response.writeHead(status, headers)
  } catch (error) {
    if (!isInvalidHeader(error)) throw error
    log.warn(
      { error },
      'a header of a response is none that HTTP can carry; it is sent without what is wrong with it',
    )
    response.writeHead(status, orderedHeaders(writableHeaders(headers)))
  }
}

const isInvalidHeader = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ERR_INVALID_CHAR' || error.code === 'ERR_INVALID_HTTP_TOKEN')

async function sendStream(
  exchange: Exchange,
  { body, length, begin }: { body: Readable; length: number | null; begin: () => void },
): Promise<void> {
  const { response, facts } = exchange
  const socket = response.socket
  const bytesBefore = socket?.bytesWritten ?? 0
  // Before the others that wait for the end: they read how much was sent. Of half a response some hundred bytes were headers.
  response.prependOnceListener('close', () => {
    const isWhole = response.writableFinished && length !== null
    facts.responseBodyBytes = isWhole ? length : Math.max(0, (socket?.bytesWritten ?? 0) - bytesBefore)
  })
  try {
    await sendBody(body, { response, client: exchange.client, begin })
  } catch (error) {
    if (!response.headersSent && error !== CLIENT_GONE) throw error
    // A client that went away is no failure of ours; a store that failed while the bytes were under way is.
    if (error !== CLIENT_GONE)
      exchange.log.error({ error }, 'the body of a response could not be read to its end')
    response.destroy()
  }
}

/** The length that the headers (name, value, name, value, …) promise; null when they promise none. */
function lengthOf(headers: readonly string[]): number | null {
  for (let at = 0; at < headers.length; at += 2)
    if (headers[at]?.toLowerCase() === 'content-length') return Number(headers[at + 1])
  return null
}

function isStream(body: S3Response['body']): body is Readable {
  return body !== null && typeof body === 'object' && 'pipe' in body
}
