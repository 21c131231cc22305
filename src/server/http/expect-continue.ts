import type { ServerResponse } from 'node:http'
import type { WatchedRequest } from './watched-request.ts'

/**
 * Answers `Expect: 100-continue` at the moment that the body is first read, so that a client sends its body only after the request was
 * admitted: an upload that is refused costs its headers alone. Handlers need not know of it.
 */
export function continueWhenRead(request: WatchedRequest, response: ServerResponse): void {
  // Unless the body is asked for, the next bytes on this connection may be that body or a new request: nobody can tell.
  const keepAlive = response.shouldKeepAlive
  response.shouldKeepAlive = false
  const watcher = {
    beforeRead: (): void => {
      request.unwatch(watcher)
      if (response.headersSent || response.destroyed) return
      response.shouldKeepAlive = keepAlive
      response.writeContinue()
    },
  }
  request.watch(watcher)
}
