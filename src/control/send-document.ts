import type { Exchange } from '../api/exchange.ts'

/** A response of the control plane: a document that is there as a whole. */
interface DocumentResponse {
  readonly status: number
  readonly contentType: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Sends the response; resolves when it is handed over, or the client is gone. */
export function sendDocument(exchange: Exchange, document: DocumentResponse): Promise<void> {
  const { request, response, requestId, facts } = exchange
  const bytes = Buffer.from(document.body)
  facts.responseBodyBytes = bytes.length
  return new Promise((resolve, reject) => {
    const done = () => {
      // Discards what is left of an unread body, so that the client gets to read the response.
      if (!request.complete) request.resume()
      resolve()
    }
    response.once('finish', done)
    response.once('close', done)
    response.once('error', reject)
    response.writeHead(document.status, {
      'content-type': document.contentType,
      'content-length': bytes.length,
      'x-amzn-requestid': requestId,
      ...document.headers,
    })
    response.end(request.method === 'HEAD' ? undefined : bytes)
  })
}
