import { ClientError } from '../errors.ts'

/** Where a request goes. */
export interface RequestUrl {
  /** What is connected to and what a signature is for; a port that is the scheme's own is left out, as in a Host header. */
  readonly url: URL
  /** For messages: as it was typed, but for the scheme's case and a missing path. */
  readonly text: string
  /** The target in a request to a proxy: with the port wherever one was typed. */
  readonly absolute: string
}

const PORT_MAX = 65_535
const PARTS = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is

/** Reads a URL that has a scheme and a host. @throws ClientError when its port is none, or when it cannot be read at all. */
export function parseRequestUrl(typed: string): RequestUrl {
  const [, scheme = '', authority = '', rest = ''] = PARTS.exec(typed) ?? []
  const port = /:([^\]:@]*)$/.exec(authority)?.[1] ?? ''
  if (!/^\d*$/.test(port)) throw new ClientError(`Port could not be cast to integer value as '${port}'`)
  if (Number(port) > PORT_MAX) throw new ClientError(`Port out of range 0-${PORT_MAX}`)
  if (!URL.canParse(typed)) throw new ClientError(`Invalid endpoint: ${typed}`)
  const url = new URL(typed)
  const shownPort = port === '' ? '' : `:${Number(port)}`
  return {
    url,
    text: `${scheme.toLowerCase()}://${authority}${rest.startsWith('/') ? '' : '/'}${rest}`,
    absolute: `${url.protocol}//${url.hostname}${shownPort}${url.pathname}${url.search}`,
  }
}
