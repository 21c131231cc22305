/** What a connection tells while it is listened to. Whoever is told of an error or of silence has to ignore or destroy it. */
export interface ConnectionListener {
  onData(bytes: Buffer): void
  /** The other side sends nothing more. */
  onEnd(): void
  onError(error: Error): void
  /** Nothing came for as long as was allowed. */
  onSilence(): void
}

/** One open connection, of TCP or of TLS over TCP. Whoever opened it destroys it. */
export interface Connection {
  /** Tells `listener`, and nobody else, what happens from now on. @param silenceMsMax - 0: no limit. */
  listen(listener: ConnectionListener, silenceMsMax: number): void
  /** Tells nobody any more. What arrives or breaks now is passed over. */
  ignore(): void
  write(bytes: Buffer): void
  destroy(): void
}

/** The other side took the connection, then said nothing for as long as was allowed. */
export class SilenceError extends Error {}

/** Nobody took or refused the connection in the time allowed. */
export class ConnectTimeoutError extends Error {}
