import type { ServiceContext } from '../service/context.ts'
import { S3Error } from './s3-error.ts'
import type { BucketRecord } from '../service/records/bucket.ts'
import { canonicalUserOf } from './accounts.ts'

/**
 * Clients may say whose bucket they expect at an address or as the source of a copy, by account id or canonical id. Throws `AccessDenied`
 * when it is another's.
 */
export async function checkExpectedOwner(
  context: ServiceContext,
  { accountId }: BucketRecord,
  expected: string | readonly string[] | undefined,
): Promise<void> {
  if (expected === undefined || expected === accountId) return
  const owner = await canonicalUserOf(context, accountId)
  if (expected !== owner.ID) throw new S3Error('AccessDenied')
}
