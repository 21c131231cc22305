import type { Exchange } from '../../api/exchange.ts'
import type { Operation, OutputOf } from '../../model/operation.ts'
import { required, string, structure } from '../../model/shape.ts'
import { STS_NAMESPACE, stsOperations, type StsOperationName } from '../../model/sts/index.ts'
import { writeXmlDocument } from '../../protocol/xml/writer.ts'
import type { StsError } from './sts-error.ts'

interface WrittenResponse {
  readonly contentType: string
  readonly body: string
}

const metadata = structure({ RequestId: required(string()) })

/** The document of each operation's answer. */
const resultDocuments = new Map(
  Object.values<Operation>(stsOperations).map(({ name, output }) => [
    name,
    structure({ [`${name}Result`]: required(output), ResponseMetadata: required(metadata) }),
  ]),
)

const errorDocument = structure({
  Error: required(
    structure({ Type: required(string()), Code: required(string()), Message: required(string()) }),
  ),
  RequestId: required(string()),
})

/** The response to an operation. */
export function writeStsResult(
  exchange: Exchange,
  name: StsOperationName,
  output: OutputOf<(typeof stsOperations)[StsOperationName]>,
): WrittenResponse {
  const value = { [`${name}Result`]: output, ResponseMetadata: { RequestId: exchange.requestId } }
  const document = resultDocuments.get(name)
  if (!document) throw new TypeError(`${name} has no document`)
  return acceptsJson(exchange)
    ? jsonResponse({ [`${name}Response`]: withSeconds(value) })
    : xmlResponse(writeXmlDocument(document, `${name}Response`, value, STS_NAMESPACE))
}

/** As JSON, the end of credentials is in epoch seconds. */
const withSeconds = (value: object): object =>
  JSON.parse(
    JSON.stringify(value, (member, inner: unknown) =>
      member === 'Expiration' ? Number(inner) / 1_000 : inner,
    ),
  ) as object

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
