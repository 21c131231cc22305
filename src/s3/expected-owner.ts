import { isAccountId } from '../service/accounts/account-name.ts'
import type { ServiceContext } from '../service/context.ts'
import { S3Error } from './s3-error.ts'
import type { BucketRecord } from '../service/records/bucket.ts'
import { canonicalUserOf } from './accounts.ts'

const CANONICAL_ID_LENGTH = 64

/**
 * Clients may say whose bucket they expect at an address or as the source of a copy, by account id or canonical id. Throws `AccessDenied`
 * when it is another's, and `InvalidBucketOwnerAWSAccountID` for what is no account's id.
 */
export async function checkExpectedOwner(
  context: ServiceContext,
  { accountId }: BucketRecord,
  expected: string | readonly string[] | undefined,
): Promise<void> {
  if (expected === undefined || expected === accountId) return
  // What is as long as a canonical id is compared with one.
  if (typeof expected === 'string' && expected.length < CANONICAL_ID_LENGTH && !isAccountId(expected))
    throw new S3Error(
      'InvalidBucketOwnerAWSAccountID',
      `The value of the expected bucket owner parameter must be an AWS Account ID... [${expected}]`,
    )
  const owner = await canonicalUserOf(context, accountId)
  if (expected !== owner.ID) throw new S3Error('AccessDenied')
}
