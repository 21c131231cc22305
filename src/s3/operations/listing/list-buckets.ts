import * as model from '../../../model/s3/listing/list-buckets.ts'
import { listVisibleBuckets } from '../../../service/buckets/list-buckets.ts'
import { canonicalUserOf } from '../../accounts.ts'
import { handler } from '../../operation-handler.ts'
import { invalidArgument } from '../../request/argument-errors.ts'
import { bucketArn } from '../../response/bucket-arn.ts'

const PAGE_BUCKETS_MAX = 10_000

/** Lists the buckets that the principal may know of, by pages. Throws `InvalidArgument` for a bad token. */
export const listBucketsHandler = handler(model.listBuckets, async (input, call) => {
  const after = input.ContinuationToken === undefined ? '' : readToken(input.ContinuationToken)
  const maxBuckets = input.MaxBuckets ?? PAGE_BUCKETS_MAX
  const buckets = (await listVisibleBuckets(call.context, call.access.question)).filter(
    ({ name, region }) =>
      name > after &&
      name.startsWith(input.Prefix ?? '') &&
      (input.BucketRegion === undefined || region === input.BucketRegion),
  )
  const page = buckets.slice(0, maxBuckets)
  const last = page.at(-1)
  const { principal } = call
  return {
    Owner:
      principal.type === 'anonymous' ? undefined : await canonicalUserOf(call.context, principal.accountId),
    Buckets: page.map(({ name, createdAt, region }) => ({
      Name: name,
      CreationDate: createdAt,
      BucketRegion: region,
      BucketArn: bucketArn(name),
    })),
    ContinuationToken: last && page.length < buckets.length ? makeToken(last.name) : undefined,
    Prefix: input.Prefix,
  }
})

const makeToken = (name: string): string => Buffer.from(name).toString('base64url')

function readToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString()
  if (makeToken(name) !== token) throw invalidArgument('continuation-token', token)
  return name
}
