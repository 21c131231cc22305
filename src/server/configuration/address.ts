import type { Setting } from './setting.ts'

/** Where the server listens. */
export interface ListenAddress {
  /** A name, an IPv4 address, or an IPv6 address without brackets. */
  readonly host: string
  /** 0: a free port of the system's choice. */
  readonly port: number
}

const FORM = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/

/** Reads `HOST:PORT` or `[IPV6]:PORT`; undefined when the text is neither. */
function parseListenAddress(text: string): ListenAddress | undefined {
  const match = FORM.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  return host !== undefined && port <= 65_535 ? { host, port } : undefined
}

/** The address as it stands in a URL: IPv6 in brackets. */
export const hostAndPort = ({ host, port }: ListenAddress): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`

/** A setting that is an address to listen on. */
export function listenAddress(words: {
  readonly option: string
  readonly doc: string
  readonly default: ListenAddress
}): Setting<ListenAddress> {
  return {
    group: 'Listening',
    option: words.option,
    placeholder: 'HOST:PORT',
    allowed: 'HOST:PORT or [IPV6]:PORT with a port from 0 (any free one) to 65535',
    default: words.default,
    defaultText: hostAndPort(words.default),
    doc: words.doc,
    isSecret: false,
    parse: parseListenAddress,
  }
}
