import type { SigningKeyCache } from '../auth/signing-key-cache.ts'
import type { CollectedDocument } from '../base/collect-document.ts'
import { strangersDocuments } from '../base/document-budget.ts'
import type { Exchange, ExchangeFacts, ExchangeHandler, OperationWatch } from '../api/exchange.ts'
import { parseRequestHead, type RequestHead } from '../auth/request-head.ts'
import { checkConstraints, describeViolations } from '../model/constraints.ts'
import type { Operation } from '../model/operation.ts'
import { MalformedJson } from '../protocol/json/malformed-json.ts'
import { readJson } from '../protocol/json/read-json.ts'
import { writeJson } from '../protocol/json/write-json.ts'
import type { ServiceContext } from '../service/context.ts'
import type { ServerFacts } from './server-facts.ts'
import type { KeyUseMeter } from '../service/key-uses/key-use-meter.ts'
import { ControlError } from './control-error.ts'
import { authenticate } from './authenticate.ts'
import type { JsonApi } from './json-api.ts'
import { toErrorResponse } from './error-response.ts'
import type { OperationContext } from './operation-handler.ts'
import { noteChange, noteInput } from './note-change.ts'
import { readBody } from './read-body.ts'
import { sendDocument } from './send-document.ts'

/** What the control plane works with. */
export interface ControlDependencies {
  readonly service: ServiceContext
  readonly keyUses: Pick<KeyUseMeter, 'flush'>
  readonly server: ServerFacts
  /** Shared with the data plane, where there is one. */
  readonly signingKeys: SigningKeyCache
  readonly onOperation?: OperationWatch | undefined
}

const CONTENT_TYPE = 'application/x-amz-json-1.1'

/** Far above the largest input there is (a CORS configuration of 64 KiB). */
const BODY_BYTES_MAX = 256 * 1024

/** What an operation's name looks like; anything else is not repeated in a message. */
const OPERATION_NAME = /^[A-Za-z]{1,64}$/

/**
 * Answers an API as Lightsail's: JSON 1.1, one POST for each call, the operation named by `X-Amz-Target`. Whatever goes wrong is answered as
 * Lightsail's errors are; only a failure to write the response rejects.
 */
export function createJsonHandler(api: JsonApi, dependencies: ControlDependencies): ExchangeHandler {
  const { service, keyUses, server, signingKeys, onOperation } = dependencies
  return async (exchange) => {
    exchange.facts.service = api.name
    let operationName: string | null = null
    const documents: CollectedDocument[] = []
    try {
      const head = parseRequestHead(exchange.request)
      operationName = targetOf(api, head)
      exchange.facts.operation = operationName
      if (onOperation) await onOperation(exchange)
      const { request, facts } = exchange
      const { body, principal, ...caller } = await authenticate({
        context: service,
        signingKeys,
        head,
        exchange,
        readBody: async () => {
          const document = await readBody(request, head.headers, BODY_BYTES_MAX, strangersDocuments)
          documents.push(document)
          facts.requestBodyBytes = document.bytes.length
          return document.bytes
        },
        noteSigner: (signer) => Object.assign(facts, signer),
        rules: api.rules,
        operationName,
        isOpenToKeys: api.operations[operationName]?.isOpenToKeys === true,
      })
      await api.admit?.(service, caller, operationName)
      const context = { service, keyUses, server, caller, principal }
      const output = await perform(api, operationName, context, body, facts)
      await sendDocument(exchange, { status: 200, contentType: CONTENT_TYPE, body: output })
    } catch (error) {
      // The client went away: nobody is there to be answered, and nothing is wrong here.
      if (exchange.response.destroyed || (exchange.request.destroyed && !exchange.request.complete)) return
      // A request may not have got so far that its operation is known.
      const docs = operationName === null ? null : (api.docsOf?.(operationName) ?? null)
      await sendError(exchange, error, docs)
    } finally {
      for (const document of documents) document.release()
    }
  }
}

function targetOf(
  { targetPrefix, operations, whatIsNotOffered }: JsonApi,
  { method, headers }: RequestHead,
): string {
  const target = headers['x-amz-target']
  const isOurs = typeof target === 'string' && target.startsWith(`${targetPrefix}.`)
  const name = isOurs ? target.slice(targetPrefix.length + 1) : ''
  const isJson = headers['content-type']?.startsWith(CONTENT_TYPE) === true
  if (method !== 'POST' || !OPERATION_NAME.test(name) || !isJson)
    throw new ControlError(
      'UnknownOperationException',
      `Expected a POST of ${CONTENT_TYPE} with the header X-Amz-Target naming an operation of ${targetPrefix}`,
    )
  if (!Object.hasOwn(operations, name))
    throw new ControlError(
      'UnknownOperationException',
      `The operation ${name} is not offered here: ${whatIsNotOffered} (${Object.keys(operations).join(', ')})`,
    )
  return name
}

async function perform(
  { operations, handlers }: JsonApi,
  name: string,
  context: OperationContext,
  body: Buffer,
  facts: ExchangeFacts,
): Promise<string> {
  const operation = operations[name]
  const handler = handlers[name]
  if (!operation || !handler) throw new TypeError(`the operation ${name} has no handler`)
  const checked = checkConstraints(operation.input, readInput(operation, body))
  if (!checked.isValid) {
    throw new ControlError('InvalidInputException', describeViolations(checked.violations))
  }
  noteInput(facts, checked.value)
  const output = await handler(context, checked.value)
  noteChange(facts, output)
  return writeJson(operation.output, output)
}

function readInput(operation: Operation, body: Buffer) {
  try {
    return readJson(operation.input, body, { isStrict: operation.refusesUnknownMembers === true })
  } catch (error) {
    if (!(error instanceof MalformedJson)) throw error
    throw new ControlError('SerializationException', `The request cannot be read: ${error.message}`, {
      cause: error,
    })
  }
}

async function sendError(exchange: Exchange, error: unknown, docs: string | null): Promise<void> {
  const { code, status, body, isFault, isPutOff, retryAfterSeconds } = toErrorResponse(error, docs)
  exchange.facts.errorCode = code
  exchange.facts.isPutOff = isPutOff
  if (isFault) {
    exchange.log.error({ error, requestId: exchange.requestId }, 'a control-plane request failed')
  }
  await sendDocument(exchange, {
    status,
    contentType: CONTENT_TYPE,
    body,
    headers: {
      'x-amzn-errortype': code,
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    },
  })
}
