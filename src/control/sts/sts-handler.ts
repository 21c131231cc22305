import { parseAuthentication } from '../../auth/parse-authentication.ts'
import { parseRequestHead, type RequestHead } from '../../auth/request-head.ts'
import { STS_RULES } from '../../auth/service-rules.ts'
import type { SigningKeyCache } from '../../auth/signing-key-cache.ts'
import type { CollectedDocument } from '../../base/collect-document.ts'
import { strangersDocuments } from '../../base/document-budget.ts'
import type { Exchange, ExchangeHandler, OperationWatch } from '../../api/exchange.ts'
import type { InputOf, Operation } from '../../model/operation.ts'
import { STS_VERSION, stsOperations, type StsOperationName } from '../../model/sts/index.ts'
import { isPrincipalUsableFrom } from '../../service/authorization/within-scope.ts'
import type { ServiceContext } from '../../service/context.ts'
import { ControlError } from '../control-error.ts'
import { readBody } from '../read-body.ts'
import { sendDocument } from '../send-document.ts'
import { verifyCaller } from '../verify-caller.ts'
import { assumeRoleWithWebIdentity, signedOperations } from './operations.ts'
import { readInput } from './read-input.ts'
import { readParameters } from './read-parameters.ts'
import type { StsCall } from './sts-call.ts'
import { StsFailure } from './sts-failure.ts'
import { toStsError } from './sts-error.ts'
import type { WebIdentities } from './web-identity/web-identities.ts'
import { writeStsError, writeStsResult } from './write-response.ts'

interface StsDependencies {
  readonly service: ServiceContext
  readonly signingKeys: SigningKeyCache
  readonly webIdentities: () => Promise<WebIdentities>
  readonly onOperation?: OperationWatch | undefined
}

/** The longest call has a token of 20,000 characters, or a policy of 2,048, each of which may be written in nine bytes. */
const BODY_BYTES_MAX = 64 * 1024
const NO_BODY = Buffer.alloc(0)
/** Under this name the addresses are remembered from which tokens of other issuers were right, as those are of access keys. */
const WEB_IDENTITY = 'web identity'

type Action = (call: StsCall) => Promise<Parameters<typeof writeStsResult>[2]>

/**
 * Answers STS: the query API, by GET and POST, the signature in header or query. As XML, or as JSON where the client accepts that.
 * Whatever goes wrong is answered as the API's errors are; only a failure to write the response rejects.
 */
export function createStsHandler(dependencies: StsDependencies): ExchangeHandler {
  const { service, webIdentities, onOperation } = dependencies
  return async (exchange) => {
    const { request, facts } = exchange
    facts.service = 'sts'
    const documents: CollectedDocument[] = []
    const readForm = async (head: RequestHead): Promise<Buffer> => {
      const document = await readBody(request, head.headers, BODY_BYTES_MAX, strangersDocuments)
      documents.push(document)
      facts.requestBodyBytes = document.bytes.length
      return document.bytes
    }
    try {
      const head = parseRequestHead(request)
      const { name, action } = await chooseAction(dependencies, exchange, { head, readForm })
      facts.operation = name
      if (onOperation) await onOperation(exchange)
      const output = await action({ service, exchange, webIdentities })
      await sendDocument(exchange, { status: 200, ...writeStsResult(exchange, name, output) })
    } catch (error) {
      // The client went away: nobody is there to be answered, and nothing is wrong here.
      if (exchange.response.destroyed || (request.destroyed && !request.complete)) return
      await sendError(exchange, error, service.clock.now())
    } finally {
      for (const document of documents) document.release()
    }
  }
}

interface ReadCall {
  readonly head: RequestHead
  readonly readForm: (head: RequestHead) => Promise<Buffer>
}

async function chooseAction(
  { service, signingKeys }: StsDependencies,
  exchange: Exchange,
  { head, readForm }: ReadCall,
): Promise<{ readonly name: StsOperationName; readonly action: Action }> {
  const { client, facts } = exchange
  const authentication = parseAuthentication(head, STS_RULES)
  if (authentication.type === 'anonymous') return await chooseUnsigned(exchange, { head, readForm })
  const { body, credential } = await verifyCaller({
    context: service,
    signingKeys,
    head,
    authentication,
    exchange,
    readBody: () => readForm(head),
    rules: STS_RULES,
    nowMs: service.clock.now(),
  })
  // Where a key may not be used, it does not tell either whose it is.
  if (!isPrincipalUsableFrom(credential.principal, client.address))
    throw new StsFailure('AccessDenied', 'The access key may not be used from this address')
  facts.accountId = credential.principal.accountId
  facts.accessKeyId = credential.accessKeyId
  const parameters = readParameters(head, body)
  const name = offeredOperation(parameters)
  facts.operation = name
  if (name !== 'GetCallerIdentity')
    service.accessKeyUses.recordUseOf(credential, exchange.receivedAt, {
      region: authentication.scope.region,
      serviceName: 'sts',
      operation: name,
      address: client.address,
      agent: head.headers['user-agent'],
    })
  if (name === 'AssumeRoleWithWebIdentity') return { name, action: webIdentityAction(parameters) }
  const handle = signedOperations[name] as (call: unknown, input: unknown) => ReturnType<Action>
  const input = readInput<Operation>(stsOperations[name], parameters)
  return { name, action: (call) => handle({ ...call, credential }, input) }
}

/** Nothing of strangers is read but a form, which may show a token of another issuer. */
async function chooseUnsigned(exchange: Exchange, { head, readForm }: ReadCall) {
  const { client, request } = exchange
  if (client.isHeldOff(WEB_IDENTITY))
    throw new ControlError('ServiceUnavailableException', 'Too many requests from this address were wrong.')
  const isInQuery = head.query.values.has('Action')
  const parameters = readParameters(
    head,
    isInQuery || request.method !== 'POST' ? NO_BODY : await readForm(head),
  )
  if (isInQuery || parameters.has('Action')) {
    const name = offeredOperation(parameters)
    if (name === 'AssumeRoleWithWebIdentity') {
      exchange.facts.operation = name
      return { name, action: webIdentityAction(parameters) }
    }
  }
  throw new StsFailure('MissingAuthenticationToken', 'Request is missing Authentication Token')
}

const webIdentityAction =
  (parameters: ReadonlyMap<string, string>): Action =>
  async (call) => {
    const input: InputOf<(typeof stsOperations)['AssumeRoleWithWebIdentity']> = readInput(
      stsOperations.AssumeRoleWithWebIdentity,
      parameters,
    )
    const output = await assumeRoleWithWebIdentity(call, input)
    call.exchange.client.noteVerified(WEB_IDENTITY)
    return output
  }

/** The operation that the parameters name. Throws `MissingAction` and `InvalidAction` unless it is offered. */
function offeredOperation(parameters: ReadonlyMap<string, string>): StsOperationName {
  const action = parameters.get('Action') ?? ''
  if (action === '') throw new StsFailure('MissingAction', 'The request names no Action')
  const version = parameters.get('Version') ?? ''
  if (isOffered(action) && version === STS_VERSION) return action
  throw new StsFailure(
    'InvalidAction',
    `Could not find operation ${action.slice(0, 128)} for version ${version.slice(0, 32) || 'NO_VERSION_SPECIFIED'}; ` +
      `of STS, ${Object.keys(stsOperations).join(', ')} of version ${STS_VERSION} is offered here`,
  )
}

const isOffered = (action: string): action is StsOperationName => Object.hasOwn(stsOperations, action)

async function sendError(exchange: Exchange, error: unknown, nowMs: number): Promise<void> {
  const found = toStsError(error, nowMs)
  exchange.facts.errorCode = found.code
  exchange.facts.isPutOff = found.isPutOff
  if (found.status >= 500 && !found.isPutOff)
    exchange.log.error({ error, requestId: exchange.requestId }, 'a request to STS failed')
  await sendDocument(exchange, {
    status: found.status,
    ...writeStsError(exchange, found),
    ...(found.status === 503 && { headers: { 'retry-after': '1' } }),
  })
}
