import { parseAuthentication } from '../../auth/parse-authentication.ts'
import { parseRequestHead } from '../../auth/request-head.ts'
import { STS_RULES } from '../../auth/service-rules.ts'
import type { SigningKeyCache } from '../../auth/signing-key-cache.ts'
import type { CollectedDocument } from '../../base/collect-document.ts'
import { strangersDocuments } from '../../base/document-budget.ts'
import type { Exchange, ExchangeHandler } from '../../api/exchange.ts'
import { STS_VERSION, stsOperations } from '../../model/sts/index.ts'
import { isUsableFrom } from '../../service/authorization/within-scope.ts'
import { callerIdentity } from '../../service/credentials/caller-identity.ts'
import type { ServiceContext } from '../../service/context.ts'
import { readBody } from '../read-body.ts'
import { sendDocument } from '../send-document.ts'
import { verifyCaller } from '../verify-caller.ts'
import { readParameters } from './read-parameters.ts'
import { StsFailure } from './sts-failure.ts'
import { toStsError } from './sts-error.ts'
import { writeStsError, writeStsResult } from './write-response.ts'

interface StsDependencies {
  readonly service: ServiceContext
  readonly signingKeys: SigningKeyCache
}

/** A form of GetCallerIdentity has 43 bytes; its presigned query may be in the form as well. */
const BODY_BYTES_MAX = 16 * 1024
const NO_BODY = Buffer.alloc(0)

/**
 * Answers STS: the query API, by GET and POST, the signature in header or query. As XML, or as JSON where the client accepts that.
 * Whatever goes wrong is answered as the API's errors are; only a failure to write the response rejects.
 */
export function createStsHandler({ service, signingKeys }: StsDependencies): ExchangeHandler {
  return async (exchange) => {
    const { request, facts } = exchange
    facts.service = 'sts'
    let document = null as CollectedDocument | null
    try {
      const head = parseRequestHead(request)
      const authentication = parseAuthentication(head, STS_RULES)
      if (authentication.type === 'anonymous') {
        // What such a request asks for is looked at as far as its head tells: nothing of strangers is read.
        if (head.query.values.has('Action')) requireOffered(readParameters(head, NO_BODY))
        throw new StsFailure('MissingAuthenticationToken', 'Request is missing Authentication Token')
      }
      const {
        body,
        credential: { principal },
      } = await verifyCaller({
        context: service,
        signingKeys,
        head,
        authentication,
        exchange,
        readBody: async () => {
          document = await readBody(request, head.headers, BODY_BYTES_MAX, strangersDocuments)
          facts.requestBodyBytes = document.bytes.length
          return document.bytes
        },
        rules: STS_RULES,
        nowMs: service.clock.now(),
      })
      // Where a key may not be used, it does not tell either whose it is.
      if (principal.type === 'application-key' && !isUsableFrom(principal.scope, exchange.client.address))
        throw new StsFailure('AccessDenied', 'The access key may not be used from this address')
      requireOffered(readParameters(head, body))
      facts.operation = 'GetCallerIdentity'
      facts.accountId = principal.accountId
      facts.accessKeyId = principal.accessKeyId
      const { accountId, arn, userId } = callerIdentity(principal)
      const output = { Arn: arn, UserId: userId, Account: accountId }
      await sendDocument(exchange, { status: 200, ...writeStsResult(exchange, output) })
    } catch (error) {
      // The client went away: nobody is there to be answered, and nothing is wrong here.
      if (exchange.response.destroyed || (request.destroyed && !request.complete)) return
      await sendError(exchange, error, service.clock.now())
    } finally {
      document?.release()
    }
  }
}

/** Throws unless the parameters name an operation that is offered. */
function requireOffered(parameters: ReadonlyMap<string, string>): void {
  const action = parameters.get('Action') ?? ''
  if (action === '') throw new StsFailure('MissingAction', 'The request names no Action')
  const version = parameters.get('Version') ?? ''
  if (Object.hasOwn(stsOperations, action) && version === STS_VERSION) return
  throw new StsFailure(
    'InvalidAction',
    `Could not find operation ${action.slice(0, 128)} for version ${version.slice(0, 32) || 'NO_VERSION_SPECIFIED'}; ` +
      `of STS, ${Object.keys(stsOperations).join(', ')} of version ${STS_VERSION} is offered here`,
  )
}

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
