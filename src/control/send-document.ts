import type { Exchange } from '../api/exchange.ts'

/** An answer of the control plane: a document that is there as a whole. */
interface DocumentAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Sends the answer; resolves when it is handed over, or the client is gone. */
export function sendDocument(exchange: Exchange, answer: DocumentAnswer): Promise<void> {
  const { request, response, requestId, facts } = exchange
  const bytes = Buffer.from(answer.body)
  facts.responseBodyBytes = bytes.length
  return new Promise((resolve, reject) => {
    const done = () => {
      // Discards what is left of an unread body, so that the client gets to read the answer.
      if (!request.complete) request.resume()
      resolve()
    }
    response.once('finish', done)
    response.once('close', done)
    response.once('error', reject)
    response.writeHead(answer.status, {
      'content-type': answer.contentType,
      'content-length': bytes.length,
      'x-amzn-requestid': requestId,
      ...answer.headers,
    })
    response.end(request.method === 'HEAD' ? undefined : bytes)
  })
}
