import type { Change } from '../../storage/metadata-store.ts'
import type { Caller } from '../caller.ts'
import type { ServiceContext } from '../context.ts'
import { ServiceError } from '../errors.ts'
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
 * `InvalidInputException`.
 */
export async function resolveAccessLog(
  context: ServiceContext,
  caller: Caller,
  bucketName: string,
  { enabled, destination, prefix }: AccessLogInput,
): Promise<{ accessLog: NonNullable<BucketRecord['accessLog']>; checks: NonNullable<Change['checks']> }> {
  if (!enabled) {
    if (destination !== undefined || prefix !== undefined) {
      throw invalid('accessLogConfig with enabled false takes neither destination nor prefix')
    }
    return { accessLog: { enabled }, checks: [] }
  }
  if (destination === undefined) throw invalid('accessLogConfig with enabled true needs a destination')
  const accessLog = { enabled, destination, ...(prefix !== undefined && { prefix }) }
  if (destination === bucketName) return { accessLog, checks: [] }
  const { version } = await getDestination(context, caller, destination)
  return { accessLog, checks: [{ key: bucketKey(destination), version }] }
}

async function getDestination(context: ServiceContext, caller: Caller, destination: string) {
  try {
    return await getOwnBucket(context, caller, destination)
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'NotFoundException') throw error
    throw new ServiceError(
      'InvalidInputException',
      `The access log destination must be a bucket of the same account and region; ${destination} is not`,
      { cause: error },
    )
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidInputException', message)
}
