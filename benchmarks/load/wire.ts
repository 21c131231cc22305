import { createServer, type RequestListener } from 'node:http'
import { Duplex } from 'node:stream'

/** A connection without a network: takes whole requests, and counts the responses that were written. */
class Wire extends Duplex {
  onResponse: (head: string) => void = () => undefined

  override _read(): void {
    // Requests are pushed.
  }

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.#answered(piece)
    done()
  }

  override _writev(pieces: { chunk: Buffer }[], done: () => void): void {
    if (pieces[0]) this.#answered(pieces[0].chunk)
    done()
  }

  #answered(piece: Buffer): void {
    if (piece.toString('latin1', 0, 9) === 'HTTP/1.1 ') this.onResponse(piece.toString('latin1', 9, 12))
  }
}

/** Sends requests one after the other; each response must have the status. */
export function send(
  listener: RequestListener,
  status: number,
): (requests: readonly Buffer[]) => Promise<void> {
  const server = createServer({ requestTimeout: 0 }, listener)
  const wire = new Wire()
  server.emit('connection', wire)
  return async (requests) => {
    for (const request of requests) {
      const answer = new Promise<string>((resolve) => (wire.onResponse = resolve))
      wire.push(request)
      const got = await answer
      if (got !== String(status)) throw new Error(`expected ${status}, got ${got}`)
    }
  }
}
