import { connect, type Socket } from 'node:net'
import type { PreparedRequest } from '../load/http-connection.ts'

const DEADLINE_MS = 8_000

/** Where the attacked server listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** A request written by hand, for what no signer of ours would make. `body` is sent whatever the head says. */
export function rawRequest(lines: readonly string[], body?: Buffer): PreparedRequest {
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  return body ? { head, body: [body] } : { head }
}

/**
 * Sends all of a request on a connection of its own, also when the response comes before the end of it, as who wants to hurt would. Resolves with
 * the status of the response, 0 when the connection was ended without one.
 */
export function attackOnce({ host, port }: Address, request: PreparedRequest): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true })
    let status = 0
    let isSent = false
    const deadline = setTimeout(() => socket.destroy(), DEADLINE_MS)
    const leaveWhenDone = () => {
      if (isSent && status >= 200) socket.destroy()
    }
    socket.on('data', (bytes: Buffer) => {
      if (status < 200) status = Number(bytes.toString('latin1', 9, 12))
      leaveWhenDone()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      clearTimeout(deadline)
      resolve(status)
    })
    socket.write(Buffer.concat([request.head, ...(request.body ?? [])]), () => {
      isSent = true
      leaveWhenDone()
    })
  })
}

/** Opens connections that send some bytes and then neither send, read nor leave. Resolves when all were sent. */
export async function openSilent(
  address: Address,
  count: number,
  bytesOf: (index: number) => Buffer,
): Promise<Socket[]> {
  const sockets: Socket[] = []
  const openOne = (index: number) =>
    new Promise<void>((resolve) => {
      const socket = connect({ ...address, noDelay: true }, () => {
        const bytes = bytesOf(index)
        if (bytes.length > 0) socket.write(bytes, () => resolve())
        else resolve()
      })
      socket.pause()
      socket.on('error', () => socket.destroy())
      socket.on('close', () => resolve())
      sockets.push(socket)
    })
  // In groups, so that the queue of connections that wait to be taken in never is the bound.
  for (let at = 0; at < count; at += 50)
    await Promise.all(Array.from({ length: Math.min(50, count - at) }, (_, index) => openOne(at + index)))
  return sockets
}
