import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerConsole, isConsolePath } from '../console/answer-console.ts'
import type { ConsoleFiles } from '../console/console-files.ts'
import { isFromThisMachine } from './local-request.ts'

/** Paths that no bucket can have, since a bucket's name begins with a letter or a digit (docs/decisions/0004-reserved-paths.md). */
const RESERVED_PREFIX = '/-/'
/** What tests do with a server that is theirs. */
const TEST_PREFIX = '/-/test/'
const HEALTH_PATH = '/-/health'
const READINESS_PATH = '/-/ready'

/** What the reserved paths tell, and to whom. */
export interface ReservedPathsOptions {
  /** Domain under which buckets are hosts, or null; there, `/-/x` is an object's key. */
  readonly domain: string | null
  readonly metricsReaders: 'loopback' | 'everyone' | 'off'
  /** Answers what is below `/-/test/`; there is nothing when absent. */
  readonly answerTestPath?: (
    request: IncomingMessage,
    response: ServerResponse,
    from: string,
  ) => Promise<void>
  /** The pages of `/-/console/`; there are none when absent or null. */
  readonly console?: ConsoleFiles | null
  /**
   * `trouble`: why not all requests are served, in words; null when they are. `warning`: what is soon going to be one. Rejects when the stores do not answer.
   */
  readonly checkStores: () => Promise<{ readonly trouble: string | null; readonly warning: string | null }>
  /** The metrics of all processes, in Prometheus' text form. */
  readonly metricsText: () => Promise<{ readonly contentType: string; readonly text: string }>
}

/** Whether the request is for the server itself rather than for one of its APIs. */
export function isReservedPath(request: IncomingMessage, domain: string | null): boolean {
  return request.url?.startsWith(RESERVED_PREFIX) === true && !isBucketHost(request, domain)
}

/** Whether the request asks for the server's health or readiness. */
export function isProbe(request: IncomingMessage, domain: string | null): boolean {
  const path = pathOf(request)
  return (path === HEALTH_PATH || path === READINESS_PATH) && isReservedPath(request, domain)
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? ''

/** Whether the request's host is one under `domain`, where buckets are hosts. */
export function isBucketHost(request: IncomingMessage, domain: string | null): boolean {
  if (domain === null) return false
  const host = (request.headers.host ?? '').toLowerCase()
  const portAt = host.lastIndexOf(':')
  return (portAt < 0 ? host : host.slice(0, portAt)).endsWith(`.${domain}`)
}

/** Answers `/-/health` (the process lives), `/-/ready` (it takes requests and its stores answer), `/-/metrics` and `/-/console/`. */
export async function answerReservedPath(
  request: IncomingMessage,
  response: ServerResponse,
  options: ReservedPathsOptions & {
    /** Whether the process is about to stop. */
    readonly isDraining: boolean
    readonly clientAddress: string
  },
): Promise<void> {
  const respond = (status: number, text: string, contentType = 'text/plain; charset=utf-8'): void => {
    response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) })
    response.end(request.method === 'HEAD' ? undefined : text)
  }
  if (options.answerTestPath && pathOf(request).startsWith(TEST_PREFIX))
    return await options.answerTestPath(request, response, options.clientAddress)
  if (request.method !== 'GET' && request.method !== 'HEAD') return respond(405, 'only GET and HEAD\n')
  const path = pathOf(request)
  if (path === HEALTH_PATH) return respond(200, 'ok\n')
  if (path === READINESS_PATH) {
    if (options.isDraining) return respond(503, 'stopping\n')
    const { trouble, warning } = await options
      .checkStores()
      .catch(() => ({ trouble: 'the stores do not answer', warning: null }))
    if (trouble !== null) return respond(503, `${trouble}\n`)
    return respond(200, warning === null ? 'ok\n' : `ok\n${warning}\n`)
  }
  if (path === '/-/metrics' && options.metricsReaders !== 'off') {
    if (options.metricsReaders === 'loopback' && !isFromThisMachine(request, options.clientAddress)) {
      return respond(403, 'metrics are for this machine only; see the setting "metrics"\n')
    }
    const { contentType, text } = await options.metricsText()
    return respond(200, text, contentType)
  }
  if (options.console && isConsolePath(path))
    return await answerConsole(request, response, { path, files: options.console })
  return respond(404, 'no such page\n')
}
