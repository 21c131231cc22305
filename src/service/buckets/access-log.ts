import type { Change } from '../../storage/metadata-store.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { DomainError, isDomainError } from '../errors/domain-error.ts'
import { bucketKey } from '../keyspace.ts'
import type { BucketRecord } from '../records/bucket.ts'
import { getOwnBucket } from './own-bucket.ts'

/** An access log setting as the API gives it. */
export interface AccessLogInput {
  readonly enabled: boolean
  readonly destination?: string | undefined
  readonly prefix?: string | undefined
}

/**
 * Checks an access log setting: switching on needs a destination, a bucket of the same account and region (the bucket itself is one);
 * switching off takes neither destination nor prefix. The checks keep the destination in place until the setting is stored. Throws
 * `InvalidAccessLog`.
 */
export async function resolveAccessLog(
  context: ServiceContext,
  caller: Caller,
  bucketName: string,
  { enabled, destination, prefix }: AccessLogInput,
): Promise<{ accessLog: NonNullable<BucketRecord['accessLog']>; checks: NonNullable<Change['checks']> }> {
  if (!enabled) {
    if (destination !== undefined || prefix !== undefined) {
      throw new DomainError('InvalidAccessLog', { problem: 'destination-not-wanted' })
    }
    return { accessLog: { enabled }, checks: [] }
  }
  if (destination === undefined) throw new DomainError('InvalidAccessLog', { problem: 'destination-missing' })
  const accessLog = { enabled, destination, ...(prefix !== undefined && { prefix }) }
  if (destination === bucketName) return { accessLog, checks: [] }
  const { version } = await getDestination(context, caller, destination)
  return { accessLog, checks: [{ key: bucketKey(destination), version }] }
}

async function getDestination(context: ServiceContext, caller: Caller, destination: string) {
  try {
    return await getOwnBucket(context, caller, destination)
  } catch (error) {
    if (!isDomainError(error, 'NoSuchBucket')) throw error
    throw new DomainError('InvalidAccessLog', { problem: 'destination-unfit', destination }, { cause: error })
  }
}
