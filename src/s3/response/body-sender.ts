import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import type { ExchangeClient } from '../../api/exchange.ts'
import { Places } from '../../base/places.ts'
import { SlicePool } from '../../base/slice-pool.ts'
import { BodyReader } from '../../service/bodies/body-reader.ts'

/** Rejected with by {@link sendBody} when the client leaves before the end. */
export const CLIENT_GONE = new Error('the client went away before the end of the response')

/** What may wait in memory for a client of which nothing is known yet. */
const slices = new SlicePool({ sliceBytes: 16 * 1024, slicesPerSlab: 64 })
/** Whole pieces, 128 KiB at most, that wait for clients with a key, and for those without one that took what they were sent. */
const callersPieces = new Places(512)
const takersPieces = new Places(128)
/** Those that are being sent in slices just now: who waits for its client leaves its place. */
const slicedPieces = new Places(8)
/** After so much the next one gets its turn. */
const TURN_BYTES = 512 * 1024

/**
 * Sends a stream to its end, as fast as the client reads; rejects with the stream's failure or CLIENT_GONE. The stream is over in any case. Each
 * piece goes back to the buffers that it came from once it is sent.
 *
 * A client without a key that asks and then reads nothing must cost little. What the system does not take at once has to stay in memory, so
 * until a client took something that had waited for it, pieces are sent in small slices; when one waits, the rest is put down, to be read
 * again when the slice is gone. The same becomes of all others once very many whole pieces wait.
 */
export function sendBody(body: Readable, to: BodyTarget): Promise<void> {
  return new Promise((resolve, reject) => new BodySender(body, to).begin(resolve, reject))
}

/** Where a body is sent. */
interface BodyTarget {
  readonly response: ServerResponse
  readonly client: ExchangeClient
  /** Called when the first bytes are there, or the end: status and headers go before them. */
  readonly begin: () => void
}

class BodySender {
  readonly #body: Readable
  readonly #response: ServerResponse
  readonly #client: ExchangeClient
  readonly #sendHead: () => void
  /** Gives back the place that is taken, or stops waiting for one. */
  #leavePlace: (() => void) | null = null
  #isWhole = false
  /** Sent in slices since its turn began. */
  #turnBytes = 0
  /** The slice that is being sent. */
  #slice: Buffer | null = null
  /** What is left of the piece of which slices are sent. */
  #piece: Buffer | null = null

  constructor(body: Readable, { response, client, begin }: BodyTarget) {
    this.#body = body
    this.#response = response
    this.#client = client
    this.#sendHead = begin
  }

  begin(resolve: () => void, reject: (error: Error) => void): void {
    const body = this.#body
    const response = this.#response
    const fail = (error: Error): void => {
      this.#leave()
      body.destroy()
      reject(error)
    }
    const beginResponse = (): boolean => {
      try {
        if (!response.headersSent) this.#sendHead()
        return true
      } catch (error) {
        fail(error instanceof Error ? error : new Error('the headers could not be sent', { cause: error }))
        return false
      }
    }
    body.pause()
    body.on('data', (piece: Buffer) => {
      body.pause()
      if (!beginResponse()) return
      if (this.#isWhole) this.#sendWhole(piece)
      else this.#sendSlices(piece)
    })
    body.once('end', () => {
      this.#leave()
      if (beginResponse()) response.end(resolve)
    })
    body.once('error', fail)
    body.once('close', () => {
      if (!body.readableEnded) fail(new Error('the body was closed before its end'))
    })
    response.on('error', () => fail(CLIENT_GONE))
    response.once('close', () => {
      // The system has let go of it.
      this.#giveSliceBack()
      if (this.#piece) bodyBuffers.giveBack(this.#piece)
      this.#piece = null
      fail(CLIENT_GONE)
    })
    this.#readOn()
  }

  #leave(): void {
    this.#leavePlace?.()
    this.#leavePlace = null
  }

  #readOn(): void {
    const body = this.#body
    if (this.#response.destroyed || body.destroyed) return
    const places =
      this.#client.standing === 'stranger'
        ? null
        : this.#client.standing === 'caller'
          ? callersPieces
          : takersPieces
    this.#isWhole = places?.take() === true
    if (places && this.#isWhole) {
      this.#leavePlace = () => places.giveBack()
      body.resume()
      return
    }
    const stopWaiting = slicedPieces.wait(() => {
      this.#turnBytes = 0
      this.#leavePlace = () => slicedPieces.giveBack()
      body.resume()
    })
    this.#leavePlace ??= stopWaiting
  }

  /** Sends a piece with what came together with it: what is written within one turn goes to the system in one call. */
  #sendWhole(piece: Buffer): void {
    const pieces: Uint8Array[] =
      this.#body instanceof BodyReader ? [piece, ...this.#body.takeReady()] : [piece]
    for (const [index, sent] of pieces.entries())
      this.#response.write(sent, (error) => {
        // A connection that broke may still hold the bytes.
        if (error) return
        bodyBuffers.giveBack(sent)
        if (index < pieces.length - 1) return
        this.#leave()
        this.#readOn()
      })
  }

  #sendSlices(piece: Buffer): void {
    const slice = slices.take()
    this.#slice = slice
    const bytes = piece.copy(slice)
    // Not in the closures, which live as long as the slice waits.
    this.#piece = piece.subarray(bytes)
    this.#turnBytes += bytes
    let isSent = false
    let isWaiting = false
    this.#response.write(slice.subarray(0, bytes), (error) => {
      if (error) return
      isSent = true
      this.#giveSliceBack()
      if (isWaiting) this.#client.noteTaken()
      this.#sendNext()
    })
    // What the system takes at once is told before, with TLS too.
    setImmediate(() =>
      setImmediate(() => {
        if (isSent || this.#response.destroyed) return
        isWaiting = true
        this.#putDown()
      }),
    )
  }

  #giveSliceBack(): void {
    if (this.#slice) slices.giveBack(this.#slice)
    this.#slice = null
  }

  #sendNext(): void {
    const piece = this.#piece
    if (piece && piece.length > 0) {
      this.#sendSlices(piece)
      return
    }
    if (piece) bodyBuffers.giveBack(piece)
    this.#piece = null
    if (this.#leavePlace && (this.#turnBytes < TURN_BYTES || !slicedPieces.isWaitedFor)) {
      this.#body.resume()
      return
    }
    if (this.#leavePlace) this.#putDown()
    this.#readOn()
  }

  /** Holds no more than the slice that waits. */
  #putDown(): void {
    if (this.#body instanceof BodyReader) {
      this.#body.putDown(this.#piece?.length ?? 0)
      if (this.#piece) bodyBuffers.giveBack(this.#piece)
      this.#piece = null
    }
    this.#leave()
  }
}
