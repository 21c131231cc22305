import type { Exchange } from '../../api/exchange.ts'
import { stsErrorDocument } from '../../control/sts/write-response.ts'
import { errorDocument } from '../../s3/response/error-document.ts'

/**
 * The response when a handler failed in a way it did not foresee: a 500 in the form of the API that was asked. When the response has begun
 * already, the connection is cut, so that nobody takes half a response for a whole one.
 */
export function answerInternalError({ request, response, requestId, facts }: Exchange): void {
  if (response.headersSent) {
    request.socket.destroy()
    return
  }
  for (const name of response.getHeaderNames()) response.removeHeader(name)
  const failure = FAILURES[facts.service ?? 's3'](requestId)
  facts.errorCode = failure.code
  const { crossOriginHeaders = [] } = facts
  for (let at = 0; at + 1 < crossOriginHeaders.length; at += 2)
    response.setHeader(crossOriginHeaders[at] ?? '', crossOriginHeaders[at + 1] ?? '')
  response.writeHead(500, { ...failure.headers, 'content-length': Buffer.byteLength(failure.body) })
  response.end(request.method === 'HEAD' ? undefined : failure.body)
}

interface FailureResponse {
  readonly code: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const lightsailFailure = (requestId: string): FailureResponse => ({
  code: 'ServiceException',
  headers: {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': requestId,
    'x-amzn-errortype': 'ServiceException',
  },
  body: JSON.stringify({
    __type: 'ServiceException',
    message: `An internal error occurred. The server's log tells more under request id ${requestId}.`,
  }),
})

const STS_FAILURE = {
  code: 'InternalFailure',
  status: 500,
  message: 'An internal error occurred. Try again.',
} as const

const stsFailure = (requestId: string): FailureResponse => ({
  code: STS_FAILURE.code,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body: stsErrorDocument(requestId, STS_FAILURE),
})

const s3Failure = (requestId: string): FailureResponse => ({
  code: 'InternalError',
  headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
  body: errorDocument([
    ['Code', 'InternalError'],
    ['Message', 'An internal error occurred. Try again.'],
    ['RequestId', requestId],
  ]),
})

const FAILURES = {
  lightsail: lightsailFailure,
  lugsail: lightsailFailure,
  sts: stsFailure,
  s3: s3Failure,
} as const
