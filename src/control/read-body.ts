import type { IncomingMessage } from 'node:http'
import type { RequestHeaders } from '../auth/request-headers.ts'
import { collectDocument, type CollectedDocument } from '../base/collect-document.ts'
import type { DocumentBudget } from '../base/document-budget.ts'
import { ControlError } from './control-error.ts'

/**
 * Reads a request's whole body into memory that is taken from the budget. Throws `RequestEntityTooLargeException` as soon as it is known to be
 * too large, without reading on, and `ServiceUnavailableException` when others need the memory.
 */
export async function readBody(
  request: IncomingMessage,
  headers: RequestHeaders,
  sizeBytesMax: number,
  budget: DocumentBudget,
): Promise<CollectedDocument> {
  if (Number(headers['content-length'] ?? 0) > sizeBytesMax) throw tooLarge(sizeBytesMax)
  // Leaving the iteration must not destroy the connection: the response still has to go out on it.
  return await collectDocument(request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>, {
    bytesMax: sizeBytesMax,
    budget,
    tooLong: () => tooLarge(sizeBytesMax),
    crowded: () =>
      new ControlError('ServiceUnavailableException', 'Too many requests are read at once. Try again.'),
  })
}

function tooLarge(sizeBytesMax: number): ControlError {
  return new ControlError(
    'RequestEntityTooLargeException',
    `The request body must not be larger than ${sizeBytesMax} bytes`,
  )
}
