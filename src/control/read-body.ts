import type { IncomingMessage } from 'node:http'
import { ServiceError } from '../service/errors.ts'

/** Far above the largest input there is (a CORS configuration of 64 KiB). */
const BODY_BYTES_MAX = 256 * 1024

/** Reads a request's whole body. Throws `RequestEntityTooLargeException` as soon as it is known to be too large, without reading on. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MAX) throw tooLarge()
  const chunks: Buffer[] = []
  let sizeBytes = 0
  // Leaving the loop must not destroy the connection: the answer still has to go out on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length
    if (sizeBytes > BODY_BYTES_MAX) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, sizeBytes)
}

function tooLarge(): ServiceError {
  return new ServiceError(
    'RequestEntityTooLargeException',
    `The request body must not be larger than ${BODY_BYTES_MAX} bytes`,
  )
}
