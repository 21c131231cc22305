import type { TLSSocket } from 'node:tls'
import type { Exchange, FurtherAccess } from '../../api/exchange.ts'
import type { AccessLogTarget } from '../../service/access-logs/access-log-target.ts'
import { encodeLoggedKey, type LoggedAccess } from '../../service/access-logs/log-line.ts'
import { callerIdentity } from '../../service/credentials/caller-identity.ts'
import { loggedOperation } from './operation-names.ts'

/** One line and the log that it belongs to. */
interface AccessToLog {
  readonly target: AccessLogTarget
  readonly access: LoggedAccess
}

interface FinishedExchange {
  readonly status: number
  readonly durationMs: number
  /** `performance.now()` at which the request came. */
  readonly startedAt: number
}

/**
 * What a finished request leaves in access logs: a line for itself, one for each object of a batch, one for the source of a copy; nothing where
 * the buckets' logs are off.
 */
export function accessesToLog(exchange: Exchange, finished: FinishedExchange): AccessToLog[] {
  const { accessLog, furtherAccesses } = exchange.facts
  if (accessLog === undefined && furtherAccesses === undefined) return []
  const access = accessOf(exchange, finished)
  const further =
    furtherAccesses?.map((part) => ({ target: part.target, access: partOf(access, part) })) ?? []
  return accessLog ? [{ target: accessLog, access }, ...further] : further
}

function accessOf(exchange: Exchange, { status, durationMs, startedAt }: FinishedExchange): LoggedAccess {
  const { request, requestId, receivedAt, facts } = exchange
  const { headers } = request
  const method = request.method ?? 'GET'
  const url = request.url ?? '/'
  const hasBody = (facts.requestBodyBytes ?? 0) > 0
  const tls = tlsOf(request.socket)
  return {
    receivedAt,
    remoteAddress: exchange.client.address,
    requester: requesterOf(facts),
    requestId,
    operation: loggedOperation({
      method,
      url,
      operation: facts.operation,
      hasObjectKey: facts.objectKey !== undefined,
    }),
    objectKey: facts.objectKey === undefined ? undefined : encodeLoggedKey(facts.objectKey),
    requestLine: `${method} ${withoutSignature(url)} HTTP/${request.httpVersion}`,
    status,
    errorCode: facts.errorCode,
    bytesSent: facts.responseBodyBytes,
    objectSizeBytes: facts.objectSizeBytes,
    totalMs: durationMs,
    // From the end of the request to the first byte of the response: known where the request ends with its headers.
    turnAroundMs:
      hasBody || facts.responseBegunAt === undefined
        ? undefined
        : Math.max(1, facts.responseBegunAt - startedAt),
    // The page that refers may itself have been opened by a presigned URL.
    referer: headers.referer === undefined ? undefined : withoutSignature(headers.referer),
    userAgent: headers['user-agent'],
    versionId: facts.versionId,
    hostId: facts.hostId,
    signatureVersion: facts.signatureVersion,
    cipherSuite: tls?.cipherSuite,
    authenticationType: facts.authenticationType,
    hostHeader: headers.host,
    tlsVersion: tls?.version,
    // Of a role that was taken without a key, the temporary one.
    accessKeyId: facts.signer && (facts.signer.accessKeyId ?? facts.accessKeyId),
  }
}

/** The account for its root key; else the user, or the session, that has the key: what Amazon names there of users of IAM. */
function requesterOf({ accountId, signer }: Exchange['facts']): string | undefined {
  if (!signer) return accountId
  const { principal } = signer
  return principal.type === 'account' ? principal.accountId : callerIdentity(principal).arn
}

/** The line of a part has what is the part's, and the rest of the whole. */
function partOf(whole: LoggedAccess, part: FurtherAccess): LoggedAccess {
  const isBatch = part.operation === 'BATCH.DELETE.OBJECT'
  return {
    ...whole,
    operation: part.operation,
    objectKey: encodeLoggedKey(part.objectKey),
    requestLine: isBatch ? undefined : whole.requestLine,
    status: part.status ?? whole.status,
    errorCode: isBatch ? part.errorCode : whole.errorCode,
    bytesSent: undefined,
    objectSizeBytes: part.operation === 'REST.COPY.OBJECT_GET' ? whole.objectSizeBytes : undefined,
    totalMs: isBatch ? undefined : whole.totalMs,
    turnAroundMs: isBatch ? undefined : whole.turnAroundMs,
    versionId: part.versionId,
  }
}

/** A presigned URL opens its object for all who have it, so a log has it without the signature. */
function withoutSignature(url: string): string {
  return url.replaceAll(/([?&](?:X-Amz-Signature|X-Amz-Security-Token|Signature)=)[^&]*/gi, '$1REDACTED')
}

function tlsOf(socket: Exchange['request']['socket']): { cipherSuite: string; version: string } | null {
  if (!('encrypted' in socket)) return null
  // What has `encrypted` among Node's sockets is a TLSSocket.
  const secure = socket as TLSSocket
  // The cipher of a connection that is closed already is not known.
  const cipher = secure.getCipher() as { standardName?: string } | undefined
  return { cipherSuite: cipher?.standardName ?? '', version: secure.getProtocol() ?? '' }
}
