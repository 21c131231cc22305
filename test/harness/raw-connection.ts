import { connect, type Socket } from 'node:net'

/** How a client leaves after its last byte: it waits for the server to close, ends its half, or breaks the connection. */
export type Leaving = 'wait' | 'end' | 'reset'

/** Sends bytes as they are and gives all that comes back until the connection is closed, for requests that no client library would send. */
export function exchangeBytes(
  endpoint: string,
  bytes: Uint8Array | string,
  leaving: Leaving = 'wait',
): Promise<string> {
  return received(endpoint, (socket) =>
    socket.write(bytes, () => {
      if (leaving === 'end') socket.end()
      else if (leaving === 'reset') socket.resetAndDestroy()
    }),
  )
}

/** Sends each piece when nothing came for a moment, and gives all that comes back until the connection is closed. */
export function exchangePieces(endpoint: string, pieces: readonly string[]): Promise<string> {
  const left = [...pieces]
  return received(endpoint, function send(socket): void {
    const piece = left.shift()
    if (piece === undefined) return
    socket.write(piece, 'latin1')
    setTimeout(() => send(socket), 150)
  })
}

/** Opens a connection, has `send` write to it, and gives all that comes back until it is closed. */
function received(endpoint: string, send: (socket: Socket) => void): Promise<string> {
  const { hostname, port } = new URL(endpoint)
  return new Promise((resolve) => {
    let text = ''
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    socket.on('data', (piece: Buffer) => (text += piece.toString('latin1')))
    // A reset is an end like any other here.
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(text))
    send(socket)
  })
}

/** The statuses of the responses in what was received. */
export const statusesOf = (received: string): string[] =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => match[1] ?? '')

/** The error code in what was received, of either API. */
export const errorCodeOf = (received: string): string =>
  /<Code>(\w+)<\/Code>/.exec(received)?.[1] ?? /"__type":"(\w+)"/.exec(received)?.[1] ?? ''
