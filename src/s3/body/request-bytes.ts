import type { IncomingMessage } from 'node:http'
import { bodyBuffers } from '../../base/buffer-pool.ts'
import { S3Error } from '../s3-error.ts'

/**
 * The bytes of a request's body as they come, with back-pressure. `sizeBytes` is what Content-Length says, null when HTTP's chunked coding
 * tells the end. Throws `IncompleteBody` when the client goes away early. Leaving the iteration early keeps the connection, so that an
 * answer can still be sent. The pieces may be given back to `bodyBuffers`.
 */
export async function* requestBytes(
  request: IncomingMessage,
  sizeBytes: number | null,
): AsyncGenerator<Buffer, void, undefined> {
  if (sizeBytes === 0) return
  try {
    const pieces: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false })
    // Node makes each piece for this request alone, and is done with it before an iteration sees it.
    for await (const piece of pieces) yield bodyBuffers.adopt(piece)
  } catch (error) {
    if (request.complete) throw error
    throw new S3Error('IncompleteBody', undefined, { cause: error })
  }
}

/** The whole body of a request that says it has `sizeBytes`; fewer bytes throw `IncompleteBody`. One buffer, copied only when it came in pieces. */
export function collectBody(request: IncomingMessage, sizeBytes: number): Promise<Buffer> {
  if (sizeBytes === 0) return Promise.resolve(Buffer.alloc(0))
  // A client that went away while its key was looked up: nothing more would ever be heard of its request.
  if (request.destroyed) return Promise.reject(new S3Error('IncompleteBody'))
  return new Promise((resolve, reject) => {
    let whole: Buffer | null = null
    let receivedBytes = 0
    const settle = (result: () => void): void => {
      request.off('data', onData)
      request.off('end', onEnd)
      request.off('close', onFailure)
      request.off('error', onFailure)
      result()
    }
    const onData = (piece: Buffer): void => {
      // Put together as they come: a client may send its bytes one by one.
      if (receivedBytes === 0 && piece.length === sizeBytes) whole = piece
      else {
        whole ??= Buffer.allocUnsafeSlow(sizeBytes)
        piece.copy(whole, receivedBytes)
      }
      receivedBytes += piece.length
    }
    const onEnd = (): void =>
      settle(() => {
        if (receivedBytes === sizeBytes && whole) resolve(whole)
        else reject(new S3Error('IncompleteBody'))
      })
    const onFailure = (): void => settle(() => reject(new S3Error('IncompleteBody')))
    request.on('data', onData)
    request.on('end', onEnd)
    request.on('close', onFailure)
    request.on('error', onFailure)
  })
}
