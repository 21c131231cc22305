import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { s3Errors } from '../../model/s3/errors.ts'
import { errorDocument } from '../../s3/response/error-document.ts'
import { createRequestId } from '../../service/request-id.ts'

/** What can be wrong with a request before it is known what it asks for. */
export type TransportErrorCode =
  | 'RequestHeaderSectionTooLarge'
  | 'RequestTimeout'
  | 'InvalidRequest'
  /** A method that is none of any API: CONNECT. */
  | 'MethodNotAllowed'
  /** The body comes in a transfer coding besides `chunked`. */
  | 'NotImplemented'
  /** The client has as many connections, by way of a proxy, as it may. */
  | 'SlowDown'

/** Which error a failure of Node's HTTP parser is. */
export function transportErrorCode(parserCode: string | undefined): TransportErrorCode {
  if (parserCode === 'HPE_HEADER_OVERFLOW') return 'RequestHeaderSectionTooLarge'
  if (parserCode === 'ERR_HTTP_REQUEST_TIMEOUT') return 'RequestTimeout'
  return 'InvalidRequest'
}

/**
 * Answers on a connection whose request could not be read as HTTP, then closes it. Which API was meant is not known at that point, so
 * the response has S3's form, which both kinds of clients show.
 */
export function answerTransportError(socket: Duplex, code: TransportErrorCode): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const requestId = createRequestId()
  const { status, message } = s3Errors[code]
  const body = errorDocument([
    ['Code', code],
    ['Message', message],
    ['RequestId', requestId],
  ])
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'connection: close',
      'content-type: application/xml',
      `content-length: ${Buffer.byteLength(body)}`,
      `x-amz-request-id: ${requestId}`,
      ...(code === 'SlowDown' ? ['retry-after: 1'] : []),
      '',
      body,
    ].join('\r\n'),
    () => socket.destroy(),
  )
}
