import { hash, randomBytes } from 'node:crypto'
import type { AccessLogTarget } from './access-log-target.ts'
import type { Admission } from '../admission.ts'
import type { ServiceContext } from '../context.ts'
import { lookUpAccess } from '../credentials/look-up-access.ts'
import { isDomainError } from '../errors/domain-error.ts'
import { putObject } from '../objects/put-object.ts'
import type { LinePieces } from './log-line.ts'
import { isAccountId } from '../accounts/account-name.ts'
import { accessLogTime } from '../../model/s3/access-log-name.ts'

/**
 * Stores lines of one source bucket as one object in the destination, which belongs to the destination's owner. `dropped`: the destination is
 * gone, or is no longer a bucket of the same account and region. Rejects when a store does not answer.
 */
export async function deliverLog(
  context: ServiceContext,
  target: AccessLogTarget,
  lines: readonly LinePieces[],
): Promise<'delivered' | 'dropped'> {
  const { bucket } = await lookUpAccess(context, null, target.destination)
  const isFit = bucket?.record.accountId === target.ownerAccountId && bucket.record.region === target.region
  if (bucket === null || !isFit) return 'dropped'
  const bytes = Buffer.from(await textOf(context, target, lines))
  // Log delivery acts for the owner of both buckets; no key of a client is involved.
  const admission: Admission = {
    principal: { type: 'account', accountId: target.ownerAccountId, accessKeyId: '' },
    credential: null,
    bucket,
  }
  try {
    await putObject(context, admission, {
      objectKey: target.prefix + logName(context.clock.now()),
      body: { bytes, finish: () => ({ md5Hex: hash('md5', bytes, 'hex') }) },
      attributes: { headers: { 'content-type': 'text/plain' }, userMetadata: {} },
    })
  } catch (error) {
    // Another attempt might find the destination at rest.
    if (!isDomainError(error) || isDomainError(error, 'RecordBusy')) throw error
    return 'dropped'
  }
  return 'delivered'
}

async function textOf(
  context: ServiceContext,
  target: AccessLogTarget,
  lines: readonly LinePieces[],
): Promise<string> {
  const owner = await canonicalIdOf(context, target.ownerAccountId)
  let text = ''
  for (const { head, requester, tail } of lines) {
    const shown = requester === undefined ? '-' : await canonicalIdOf(context, requester)
    text += `${owner} ${head} ${shown} ${tail}\n`
  }
  return text
}

/** What is no account stands for itself. */
async function canonicalIdOf(context: ServiceContext, accountId: string): Promise<string> {
  return isAccountId(accountId) ? await context.accountOwners.canonicalIdOf(accountId) : accountId
}

/** One that `ACCESS_LOG_NAME` takes. */
function logName(nowMs: number): string {
  return `${accessLogTime(nowMs)}-${randomBytes(8).toString('hex').toUpperCase()}`
}
