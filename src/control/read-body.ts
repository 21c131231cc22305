import type { IncomingMessage } from 'node:http'
import type { RequestHeaders } from '../auth/request-headers.ts'
import { ServiceError } from '../service/errors.ts'

/** Reads a request's whole body. Throws `RequestEntityTooLargeException` as soon as it is known to be too large, without reading on. */
export async function readBody(
  request: IncomingMessage,
  headers: RequestHeaders,
  sizeBytesMax: number,
): Promise<Buffer> {
  if (Number(headers['content-length'] ?? 0) > sizeBytesMax) throw tooLarge(sizeBytesMax)
  const chunks: Buffer[] = []
  let sizeBytes = 0
  // Leaving the loop must not destroy the connection: the answer still has to go out on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length
    if (sizeBytes > sizeBytesMax) throw tooLarge(sizeBytesMax)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, sizeBytes)
}

function tooLarge(sizeBytesMax: number): ServiceError {
  return new ServiceError(
    'RequestEntityTooLargeException',
    `The request body must not be larger than ${sizeBytesMax} bytes`,
  )
}
