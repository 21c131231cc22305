import type { Exchange } from '../../api/exchange.ts'
import type { ExchangeOutcome } from '../logging/request-line.ts'
import type { AuditEntry } from './audit-line.ts'

/**
 * Operations of S3 on buckets and their settings, and those on an object's access and locks. Bodies, tags and versions are the access log's, but for
 * deletions past a lock.
 */
const S3_CHANGE =
  /^(?:(?:Create|Delete|Put)Bucket(?!Objects).*|(?:Put|Delete)PublicAccessBlock|PutObject(?:Acl|Retention|LegalHold|LockConfiguration))$/
/** All other operations of Lightsail, and of Lugsail's own API, only tell. */
const LIGHTSAIL_CHANGE = /^(?!Get)/

/** Credentials that were given. */
const STS_CHANGE = /^(?!GetCallerIdentity)/

const CHANGES: Readonly<Record<NonNullable<Exchange['facts']['service']>, RegExp>> = {
  s3: S3_CHANGE,
  lightsail: LIGHTSAIL_CHANGE,
  lugsail: LIGHTSAIL_CHANGE,
  sts: STS_CHANGE,
}

/**
 * What the audit log keeps of a finished request; null when it changes nothing that the log is about, or when it was refused and nobody is known
 * to have sent it: strangers must not be able to fill the log with what they are not allowed.
 */
export function auditedChange(
  { facts, request, client, requestId }: Exchange,
  { status }: Pick<ExchangeOutcome, 'status'>,
): AuditEntry | null {
  const { service, operation, accountId } = facts
  if (operation === undefined) return null
  const isDone = facts.errorCode === undefined && status < 400
  if (accountId === undefined && !isDone) return null
  if (service === undefined) return null
  const { bypassesGovernance = false } = facts
  if (!bypassesGovernance && !CHANGES[service].test(operation)) return null
  return {
    source: service,
    operation,
    accountId,
    // Of strangers it is what they say.
    accessKeyId: accountId === undefined ? undefined : facts.accessKeyId,
    parentAccessKeyId: facts.parentAccessKeyId,
    session: facts.session,
    address: client.address,
    agent: request.headers['user-agent'],
    bucketName: facts.bucketName,
    objectKey: facts.objectKey,
    details: bypassesGovernance ? { bypassGovernanceRetention: 'true' } : facts.change,
    outcome: isDone ? 'succeeded' : 'failed',
    errorCode: facts.errorCode,
    status,
    requestId,
  }
}
