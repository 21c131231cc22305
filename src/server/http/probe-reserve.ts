import type { Connection } from './connection.ts'
import { Connections } from './connections.ts'

/** How many may be open at once, and how long each. */
const CONNECTIONS_MAX = 64
const LIFETIME_MS = 2_000

/**
 * Connections for which there is no room, and which may ask for the server's health nevertheless, once each. When there are too many of them, the
 * address that has most gives one up for a newcomer, so that nobody shuts the probes of others out.
 */
export class ProbeReserve {
  readonly #connections = new Connections<Connection>({
    connectionsMax: CONNECTIONS_MAX,
    connectionsPerAddressMax: CONNECTIONS_MAX,
  });

  [Symbol.iterator](): IterableIterator<Connection> {
    return this.#connections[Symbol.iterator]()
  }

  /** Lets a connection in. False: it was closed. `onRefused` is called, now or later, unless it comes to ask for the server's health. */
  admit(connection: Connection, address: string, onRefused: () => void): boolean {
    const socket = connection.raw
    if (!this.#connections.admit(connection, address, (crowded) => crowded.raw.destroy())) {
      socket.destroy()
      onRefused()
      return false
    }
    connection.isReserved = true
    const timer = setTimeout(() => socket.destroy(), LIFETIME_MS).unref()
    socket.once('close', () => {
      clearTimeout(timer)
      this.#connections.remove(connection)
      if (!connection.hasProbed) onRefused()
    })
    return true
  }
}
