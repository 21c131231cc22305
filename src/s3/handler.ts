import { randomBytes } from 'node:crypto'
import { AuthenticationFailure } from '../auth/authentication-failure.ts'
import { MalformedRequest } from '../auth/malformed-request.ts'
import { parseRequestHead, type RequestHead } from '../auth/request-head.ts'
import { SigningKeyCache } from '../auth/signing-key-cache.ts'
import type { Exchange, ExchangeHandler, OperationWatch } from '../api/exchange.ts'
import { areHashesLoaded, loadHashes } from '../protocol/checksums/wasm-hashes.ts'
import { ProtocolFailure } from '../protocol/protocol-failure.ts'
import type { ServiceContext } from '../service/context.ts'
import { lookUpAccess } from '../service/credentials/look-up-access.ts'
import { explainDamage } from '../service/damage/damaged-object.ts'
import { isDomainError } from '../service/errors/domain-error.ts'
import { protocolError } from './protocol-error.ts'
import { S3Error } from './s3-error.ts'
import { StoreFull, StoreReadOnly, StoreUnavailable } from '../storage/metadata-store.ts'
import { errorResponse, withAddress, withBucketRegion, withMethod } from './response/error-response.ts'
import { explainRefusal } from './response/explain-refusal.ts'
import { sendResponse } from './response/send-response.ts'
import type { S3Response } from './response/response-writer.ts'
import { noteBucket } from './access-log/note-bucket.ts'
import { authenticate } from './authenticate.ts'
import { authenticationError } from './authentication-errors.ts'
import { RequestBody } from './body/request-body.ts'
import { preflightResponse, preflightToNoBucket } from './cors/cors-response.ts'
import { corsOfRefusal, preflightOfRefusal } from './cors/cors-of-refusal.ts'
import { S3Call } from './call.ts'
import { takeFactsOfUpload } from './continued-upload.ts'
import { requireBasics, requireFurther } from './require-rights.ts'
import { s3ErrorOf } from './errors.ts'
import { checkExpectedOwner } from '../service/buckets/expected-owner.ts'
import { S3_OPERATIONS } from './operations/index.ts'
import type { AnyOperationHandler } from './operation-handler.ts'
import { postObject } from './post-object/post-object.ts'
import { prepareOperation, readDocument, type PreparedOperation } from './prepared-operation.ts'
import { parseAddress, type Address } from './request/address.ts'
import { OperationTable } from './request/detect-operation.ts'
import { createsObject, listsNothing, requestFacts } from './request/request-facts.ts'

interface S3HandlerDeps {
  readonly context: ServiceContext
  /** What is offered; every operation there is when absent. */
  readonly operations?: readonly AnyOperationHandler[]
  readonly onOperation?: OperationWatch | undefined
}

/** A request as it was read, and what its response gets besides what the operation says. */
interface ReadRequest {
  readonly head: RequestHead
  readonly address: Address
  readonly extraHeaders: string[]
}

/** Where a use of a key is noted whose request names no bucket and, by version 2, no region: where S3 itself takes such requests. */
const REGION_OF_NONE = 'us-east-1'

/**
 * Answers S3 requests. A request passes these stages, and leaves with an error at the first that refuses it (docs/architecture.md has the
 * table): address, operation, signature, bucket, access, arguments, body, the operation's own rules.
 */
export function createS3Handler(deps: S3HandlerDeps): ExchangeHandler {
  const server = new S3Server(deps)
  return (exchange) => server.answer(exchange)
}

class S3Server {
  readonly #deps: S3HandlerDeps
  readonly #keys = new SigningKeyCache()
  readonly #operations: OperationTable
  readonly #prepared: ReadonlyMap<AnyOperationHandler, PreparedOperation>
  /** Tells which process answered: S3's second request id. */
  readonly #hostId = randomBytes(48).toString('base64')

  constructor(deps: S3HandlerDeps) {
    this.#deps = deps
    const { operations = S3_OPERATIONS } = deps
    this.#operations = new OperationTable(operations)
    this.#prepared = new Map(operations.map((handler) => [handler, prepareOperation(handler.operation)]))
  }

  async answer(exchange: Exchange): Promise<void> {
    if (!areHashesLoaded()) await loadHashes()
    exchange.facts.service = 's3'
    const extraHeaders: string[] = []
    exchange.facts.crossOriginHeaders = extraHeaders
    let address: Address | null = null
    let response: S3Response
    try {
      const head = parseRequestHead(exchange.request)
      address = parseAddress(head, this.#deps.context.settings.domain)
      response = await this.#run(exchange, { head, address, extraHeaders })
    } catch (error) {
      const explained = await explainDamage(this.#deps.context, error)
      response = await this.#answerRefused(exchange, { address, extraHeaders }, explained)
    }
    const options = { hostId: this.#hostId, extraHeaders }
    try {
      await sendResponse(exchange, response, options)
    } catch (error) {
      // The body failed before its first byte: there is time to say so.
      if (exchange.response.headersSent) throw error
      const explained = await explainDamage(this.#deps.context, error)
      await sendResponse(exchange, await this.#refuse(exchange, address, explained), options)
    }
  }

  async #answerRefused(
    exchange: Exchange,
    { address, extraHeaders }: Pick<ReadRequest, 'extraHeaders'> & { readonly address: Address | null },
    error: unknown,
  ): Promise<S3Response> {
    const { context } = this.#deps
    try {
      const preflight = await preflightOfRefusal(context, exchange)
      if (preflight) return preflight
    } catch (why) {
      return await this.#refuse(exchange, address, why)
    }
    extraHeaders.push(...(await corsOfRefusal(context, exchange)))
    return await this.#refuse(exchange, address, error)
  }

  async #run(exchange: Exchange, { head, address, extraHeaders }: ReadRequest): Promise<S3Response> {
    const { context, onOperation } = this.#deps
    const { request, facts } = exchange
    const { bucketName } = address
    if (bucketName !== null) facts.bucketName = bucketName
    if (address.objectKey !== null) facts.objectKey = address.objectKey

    // First: what a page then sends is refused where it may read why.
    if (head.method === 'OPTIONS') return await this.#preflight(exchange, head, address)
    this.#operations.refuseRepeated(head.query)
    if (head.version2) this.#operations.refuseUnsigned(head.version2.unsigned)
    if (this.#isFormUpload(head.method, address) && bucketName !== null) {
      facts.operation = 'PostObject'
      if (onOperation) await onOperation(exchange)
      return await postObject({
        context,
        keys: this.#keys,
        exchange,
        head,
        address,
        bucketName,
        extraHeaders,
      })
    }
    const handler = this.#operations.find(head.method, address, head.headers)
    const { operation } = handler
    facts.operation = operation.name
    if (onOperation) await onOperation(exchange)

    const makesBucket = handler.makesBucket === true
    const who = await authenticate({
      context,
      keys: this.#keys,
      exchange,
      head,
      address,
      makesBucket,
      extraHeaders,
    })
    const { bucket, credential, signedRegion } = who
    if (credential) {
      facts.accountId = credential.principal.accountId
      context.accessKeyUses.recordUseOf(credential, exchange.receivedAt, {
        region: bucket?.record.region ?? signedRegion ?? REGION_OF_NONE,
        serviceName: 's3',
        operation: operation.name,
        address: exchange.client.address,
        agent: head.headers['user-agent'],
      })
    }
    if (bucket === null && bucketName !== null && !makesBucket) throw new S3Error('NoSuchBucket')
    // A list of buckets in its place would be read as an empty one of objects.
    if (address.target === 'service' && address.query.has('list-type'))
      throw new S3Error(
        'InvalidRequest',
        'list-type asks for the objects of a bucket, and the request names none.',
      )

    const call = new S3Call({
      context,
      exchange,
      head,
      address,
      credential,
      bucket,
      facts: {
        ...requestFacts({
          exchange,
          address,
          sent: head.headers,
          headers: head.headers,
          signature: who.signatureFacts,
        }),
        ...createsObject(operation),
        ...listsNothing(operation),
        ...(handler.documentFacts && { awaitsDocument: true }),
      },
      body: new RequestBody({
        request,
        headers: head.headers,
        payload: who.payload,
        chunkVerifier: () => who.chunkVerifier(),
        isStranger: credential === null,
        onceOver: (release) => void exchange.response.once('close', release),
        wholeBytesMax: context.settings.inlineBodyBytesMax,
      }),
      signedRegion,
      extraHeaders,
    })
    const expectedOwner = head.headers['x-amz-expected-bucket-owner']
    if (bucket && expectedOwner !== undefined) await checkExpectedOwner(context, bucket.record, expectedOwner)
    return await this.#operate(handler, call)
  }

  /** A POST to a bucket without an argument that marks another operation. */
  #isFormUpload(method: string, { target, query }: Address): boolean {
    return method === 'POST' && target === 'bucket' && !this.#operations.isMarked(query)
  }

  /** A browser asks before it sends what a page of another origin wants; it asks anonymously. */
  async #preflight(
    { facts }: Exchange,
    { headers }: RequestHead,
    { bucketName, target }: Address,
  ): Promise<S3Response> {
    facts.operation = 'PreflightRequest'
    if (bucketName === null) throw new S3Error('MethodNotAllowed')
    const { bucket } = await lookUpAccess(this.#deps.context, null, bucketName)
    if (!bucket) throw preflightToNoBucket(headers)
    noteBucket(facts, bucket.record)
    return preflightResponse(bucket.record, headers, target)
  }

  async #operate(handler: AnyOperationHandler, call: S3Call): Promise<S3Response> {
    const prepared = this.#prepared.get(handler)
    if (!prepared) throw new TypeError(`operation ${handler.operation.name} was not prepared`)
    const { address, headers, access } = call
    const { rights } = handler.operation
    const asks = handler.makesBucket !== true && rights !== undefined
    if (asks) {
      await takeFactsOfUpload(call, handler.operation)
      requireBasics(access, rights, address)
    }
    if (!handler.permitsObject && !handler.documentFacts) await access.decide()
    const input = prepared.reader.read({ address, headers })
    if (prepared.document) {
      if (handler.isRefusedUnread?.(call) === true) throw new S3Error('AccessDenied')
      await readDocument(prepared.document, call.body, input)
    } else if (!prepared.isUpload) call.body.refuseMissing()
    // The reader and the document follow the operation's own model, so what they gave is this handler's input.
    if (handler.documentFacts) access.completeRequest(handler.documentFacts(input as never))
    if (asks) requireFurther(access, rights, { address, input })
    if (!handler.permitsObject) await access.decide()
    const output = await handler.handle(input as never, call)
    return prepared.writer.write(output as Readonly<Record<string, unknown>>)
  }

  /** A store that does not answer here either changes nothing about the refusal. */
  async #explain(exchange: Exchange, address: Address | null, error: S3Error): Promise<S3Error> {
    try {
      return await explainRefusal(this.#deps.context, exchange, address, error)
    } catch (failure) {
      if (failure instanceof StoreUnavailable) return error
      throw failure
    }
  }

  async #refuse(exchange: Exchange, address: Address | null, error: unknown): Promise<S3Response> {
    const foreseen = toS3Error(error)
    if (foreseen === null) throw error
    const known = await this.#explain(exchange, address, foreseen)
    if (known.code === 'ServiceUnavailable' || known.code === 'InsufficientStorage')
      exchange.log.error({ error }, 'a store did not answer')
    const placed = withBucketRegion(address ? withAddress(known, address) : known, exchange.facts)
    const refusal = withMethod(placed, exchange.request.method ?? 'GET')
    exchange.facts.errorCode = refusal.code
    exchange.facts.isPutOff = known.code === 'SlowDown'
    return errorResponse(refusal, {
      requestId: exchange.requestId,
      hostId: this.#hostId,
      resource: address?.rawPath ?? exchange.request.url ?? '/',
    })
  }
}

/** Failures that were foreseen, as S3 answers them; null for what is a fault. */
function toS3Error(error: unknown): S3Error | null {
  if (error instanceof S3Error) return error
  if (isDomainError(error)) return s3ErrorOf(error)
  if (error instanceof AuthenticationFailure) return authenticationError(error)
  if (error instanceof MalformedRequest) return malformedRequestError(error)
  if (error instanceof ProtocolFailure) return protocolError(error)
  if (error instanceof StoreFull)
    return new S3Error('InsufficientStorage', error.forClients, { cause: error })
  if (error instanceof StoreReadOnly)
    return new S3Error('ServiceUnavailable', error.forClients, { cause: error })
  if (error instanceof StoreUnavailable) return new S3Error('ServiceUnavailable', undefined, { cause: error })
  return null
}

const MALFORMED_CODES = {
  target: 'InvalidURI',
  argument: 'InvalidArgument',
  header: 'InvalidRequest',
} as const

function malformedRequestError(error: MalformedRequest): S3Error {
  return new S3Error(MALFORMED_CODES[error.part], error.message, {
    ...(error.partName !== null && { details: { argumentName: error.partName } }),
    cause: error,
  })
}
