import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Answers `Expect: 100-continue` at the moment that the body is first read, so that a client sends its body only after the request was
 * admitted: an upload that is refused costs its headers alone. Handlers need not know of it.
 */
export function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  // Unless the body is asked for, the next bytes on this connection may be that body or a new request: nobody can tell.
  const keepAlive = response.shouldKeepAlive
  response.shouldKeepAlive = false
  const read = request._read.bind(request)
  request._read = (sizeBytes) => {
    request._read = read
    if (!response.headersSent && !response.destroyed) {
      response.shouldKeepAlive = keepAlive
      response.writeContinue()
    }
    read(sizeBytes)
  }
}
