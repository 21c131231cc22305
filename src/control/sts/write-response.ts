import type { Exchange } from '../../api/exchange.ts'
import type { OutputOf } from '../../model/operation.ts'
import { required, string, structure } from '../../model/shape.ts'
import { STS_NAMESPACE, stsOperations } from '../../model/sts/index.ts'
import { writeXmlDocument } from '../../protocol/xml/writer.ts'
import type { StsError } from './sts-error.ts'

interface WrittenResponse {
  readonly contentType: string
  readonly body: string
}

const resultDocument = structure({
  GetCallerIdentityResult: required(stsOperations.GetCallerIdentity.output),
  ResponseMetadata: required(structure({ RequestId: required(string()) })),
})

const errorDocument = structure({
  Error: required(
    structure({ Type: required(string()), Code: required(string()), Message: required(string()) }),
  ),
  RequestId: required(string()),
})

/** The response to GetCallerIdentity. */
export function writeStsResult(
  exchange: Exchange,
  output: OutputOf<(typeof stsOperations)['GetCallerIdentity']>,
): WrittenResponse {
  const value = { GetCallerIdentityResult: output, ResponseMetadata: { RequestId: exchange.requestId } }
  return acceptsJson(exchange)
    ? jsonResponse({ GetCallerIdentityResponse: value })
    : xmlResponse(writeXmlDocument(resultDocument, 'GetCallerIdentityResponse', value, STS_NAMESPACE))
}

/** The response to a request that is refused. */
export function writeStsError(exchange: Exchange, error: StsError): WrittenResponse {
  return acceptsJson(exchange)
    ? jsonResponse(errorValue(exchange.requestId, error))
    : xmlResponse(stsErrorDocument(exchange.requestId, error))
}

/** The document of an error. */
export function stsErrorDocument(
  requestId: string,
  error: Pick<StsError, 'code' | 'status' | 'message'>,
): string {
  return writeXmlDocument(errorDocument, 'ErrorResponse', errorValue(requestId, error), STS_NAMESPACE)
}

const errorValue = (
  requestId: string,
  { code, status, message }: Pick<StsError, 'code' | 'status' | 'message'>,
) => ({
  Error: { Type: status >= 500 ? 'Receiver' : 'Sender', Code: code, Message: message },
  RequestId: requestId,
})

/** Who checks the identity of others by their presigned requests (aws-iam-authenticator does) asks for JSON. */
const acceptsJson = ({ request }: Exchange): boolean =>
  request.headers.accept?.includes('application/json') === true

const jsonResponse = (value: object): WrittenResponse => ({
  contentType: 'application/json',
  body: JSON.stringify(value),
})

const xmlResponse = (body: string): WrittenResponse => ({ contentType: 'text/xml', body })
