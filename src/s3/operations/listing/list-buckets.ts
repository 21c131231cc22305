import * as model from '../../../model/s3/listing/list-buckets.ts'
import { listVisiblePage } from '../../../service/buckets/list-buckets.ts'
import { canonicalUserOf } from '../../accounts.ts'
import { handler } from '../../operation-handler.ts'
import { invalidArgument } from '../../request/argument-errors.ts'
import { bucketArn } from '../../response/bucket-arn.ts'

/** Lists the buckets that the principal may know of, by pages. Throws `InvalidArgument` for a bad token. */
export const listBucketsHandler = handler(model.listBuckets, async (input, call) => {
  const { buckets, isTruncated } = await listVisiblePage(call.context, call.access.question, {
    after: input.ContinuationToken === undefined ? undefined : readToken(input.ContinuationToken),
    prefix: input.Prefix,
    region: input.BucketRegion,
    countMax: input.MaxBuckets,
  })
  const last = buckets.at(-1)
  const { principal } = call
  return {
    Owner:
      principal.type === 'anonymous' ? undefined : await canonicalUserOf(call.context, principal.accountId),
    Buckets: buckets.map(({ name, createdAt, region }) => ({
      Name: name,
      CreationDate: createdAt,
      BucketRegion: region,
      BucketArn: bucketArn(name),
    })),
    ContinuationToken: last && isTruncated ? makeToken(last.name) : undefined,
    Prefix: input.Prefix,
  }
})

const makeToken = (name: string): string => Buffer.from(name).toString('base64url')

function readToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString()
  if (makeToken(name) !== token) throw invalidArgument('continuation-token', token)
  return name
}
