import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setUp } from '../../../test/bucket-world.ts'
import type { ListingQuestion } from '../authorization/shown-buckets.ts'
import { createS3Bucket } from './create-s3-bucket.ts'
import { listVisiblePage } from './list-buckets.ts'

describe('a page of the buckets that S3 shows', () => {
  it('has those behind a name, of a prefix and a region, and tells whether more follow', async () => {
    const { context, caller } = await setUp()
    for (const bucketName of ['a-1', 'a-2', 'b-1']) await createS3Bucket(context, caller, { bucketName })
    await createS3Bucket(context, { ...caller, region: 'eu-west-1' }, { bucketName: 'a-3' })
    const principal = { type: 'account', accountId: caller.accountId }
    const pageOf = async (input: Parameters<typeof listVisiblePage>[2]) => {
      const { buckets, isTruncated } = await listVisiblePage(context, { principal } as ListingQuestion, input)
      return [buckets.map(({ name }) => name).join(' '), isTruncated]
    }
    assert.deepEqual(await pageOf({}), ['a-1 a-2 a-3 b-1 my-bucket', false])
    assert.deepEqual(await pageOf({ countMax: 5 }), ['a-1 a-2 a-3 b-1 my-bucket', false])
    assert.deepEqual(await pageOf({ countMax: 4 }), ['a-1 a-2 a-3 b-1', true])
    assert.deepEqual(await pageOf({ after: 'a-2', countMax: 1 }), ['a-3', true])
    assert.deepEqual(await pageOf({ prefix: 'a-', after: 'a-1' }), ['a-2 a-3', false])
    assert.deepEqual(await pageOf({ region: 'eu-west-1' }), ['a-3', false])
  })
})
