import { isIP } from 'node:net'
import { clockDifference } from '../../auth/clock-difference.ts'
import { s3Errors } from '../../model/s3/errors.ts'
import type { Exchange, ExchangeFacts } from '../../api/exchange.ts'
import type { ServiceContext } from '../../service/context.ts'
import { lookUpAccess } from '../../service/credentials/look-up-access.ts'
import { S3Error } from '../s3-error.ts'
import type { Address } from '../request/address.ts'

/** Hosts have more labels seldom; each is a name to look up. */
const LABELS_MAX = 4

/**
 * The error with a sentence more, where the server knows better than S3 what went wrong. What it knows of buckets and keys is told only to who has
 * signed, of what is theirs.
 */
export async function explainRefusal(
  context: ServiceContext,
  { request, facts, receivedAt }: Pick<Exchange, 'request' | 'facts' | 'receivedAt'>,
  address: Address | null,
  error: S3Error,
): Promise<S3Error> {
  if (error.status >= 500 || request.method === 'HEAD') return error
  const more = await explanation(context, { request, facts, receivedAt }, address, error)
  if (more === null) return error
  return new S3Error(error.code, `${error.message.replace(/\.?$/, '.')} ${more}`, {
    details: error.details,
    cause: error,
  })
}

/** The sentence; null where there is nothing to add, as of a denial that says itself what was denied. */
async function explanation(
  context: ServiceContext,
  { request, facts, receivedAt }: Pick<Exchange, 'request' | 'facts' | 'receivedAt'>,
  address: Address | null,
  { code, message, details }: S3Error,
): Promise<string | null> {
  if (code === 'RequestTimeTooSkewed') return clockDifference(String(details['RequestTime']), receivedAt)
  if (facts.accountId === undefined) return null
  if (code !== 'AccessDenied')
    return await explainHost(context, request.headers.host, address, facts.accountId)
  if (message !== s3Errors.AccessDenied.message) return null
  return await explainKey(context, facts, facts.bucketName)
}

/** What the key is for, which is not what was asked of it. */
async function explainKey(
  context: ServiceContext,
  facts: Pick<ExchangeFacts, 'accessKeyId' | 'parentAccessKeyId' | 'session'>,
  asked: string | undefined,
): Promise<string | null> {
  if (facts.session !== undefined) {
    const [role = ''] = facts.session.split('/')
    return `${facts.accessKeyId} stands for a session of the role ${role}: get-roles shows its rights and its bounds, and who took it with a key, or with a policy, may do no more than these.`
  }
  const accessKeyId = facts.parentAccessKeyId ?? facts.accessKeyId ?? null
  const { credential } = await lookUpAccess(context, accessKeyId, null)
  const principal = credential?.principal
  if (principal?.type === 'application-key')
    return `${accessKeyId} is the application key ${principal.name}: get-access-keys shows its rights and its bounds.`
  if (principal?.type !== 'bucket-key') return null
  const { bucketName } = principal
  return asked === bucketName
    ? `${accessKeyId} is an access key of the bucket ${bucketName}: it opens the objects in it and no other bucket; what opens the bucket to others, or outlasts the key, takes the account's root key.`
    : `${accessKeyId} is an access key of the bucket ${bucketName} and opens no other.`
}

/** That the host names a bucket, which the server does not take it for. */
async function explainHost(
  context: ServiceContext,
  host: string | undefined,
  address: Address | null,
  accountId: string,
): Promise<string | null> {
  if (address?.isPathStyle !== true) return null
  const name = (host ?? '').replace(/:\d+$/, '').toLowerCase()
  const labels = name.split('.')
  if (labels.length < 2 || isIP(name) !== 0 || name.startsWith('[')) return null
  for (let count = 1; count <= Math.min(labels.length - 1, LABELS_MAX); count++) {
    const bucketName = labels.slice(0, count).join('.')
    const { bucket } = await lookUpAccess(context, null, bucketName)
    if (bucket?.record.accountId !== accountId) continue
    const domain = labels.slice(count).join('.')
    return `The host ${name} was not taken for the bucket ${bucketName}: use path-style addresses, or start the server with --domain ${domain}.`
  }
  return null
}
