import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { ConnectTimeoutError } from './connection.ts'
import type { Connection, ConnectionListener } from './connection.ts'
import type { TlsSettings } from './tls-settings.ts'

/** A connection on a `net.Socket`: to a name or an address, and with TLS when it is asked for. */
export class SocketConnection implements Connection {
  readonly #socket: Socket
  #listener: ConnectionListener | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    // These stay for the socket's life: an error after the response has been read must not end the process.
    socket.on('error', (error) => this.#listener?.onError(error))
    socket.on('timeout', () => this.#listener?.onSilence())
  }

  listen(listener: ConnectionListener, silenceMsMax: number): void {
    this.#listener = listener
    this.#socket.setTimeout(silenceMsMax)
    this.#socket.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onEnd)
  }

  ignore(): void {
    this.#listener = undefined
    this.#socket.setTimeout(0)
    this.#socket.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onEnd)
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes)
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Speaks TLS on this connection, which is then used through the new one only. Rejects as `openTls` does. @param silenceMsMax - 0: no limit. */
  async secure(host: string, settings: TlsSettings, silenceMsMax: number): Promise<SocketConnection> {
    const { openTls } = await import('./tls.ts')
    return new SocketConnection(await openTls(this.#socket, host, settings, silenceMsMax))
  }

  readonly #onData = (bytes: Buffer): void => this.#listener?.onData(bytes)
  readonly #onEnd = (): void => this.#listener?.onEnd()
}

/** Opens a connection. @param timeoutMs - 0: no limit. Rejects with ConnectTimeoutError, or with the system's error. */
export function openSocket(host: string, port: number, timeoutMs: number): Promise<SocketConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    socket.setTimeout(timeoutMs)
    socket.once('timeout', () => {
      socket.destroy()
      reject(new ConnectTimeoutError())
    })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.removeAllListeners('error').removeAllListeners('timeout')
      socket.setTimeout(0)
      resolve(new SocketConnection(socket))
    })
  })
}
