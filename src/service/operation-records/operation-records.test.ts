import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { memoryContext } from '../../../test/memory-context.ts'
import { DAY_MS } from '../../base/milliseconds.ts'
import { createAccount } from '../accounts/create-account.ts'
import { createBucket } from '../buckets/create-bucket.ts'
import { updateBucket } from '../buckets/update-bucket.ts'
import { pruneOperationRecords } from './prune-operation-records.ts'
import { listOperationRecords } from './read-operation-records.ts'

const bucketName = 'my-bucket'

async function setUp() {
  const clock = new ManualClock()
  const context = memoryContext({ clock })
  const { account } = await createAccount(context, 'main')
  const caller = { accountId: account.accountId, region: 'us-east-1' }
  await createBucket(context, caller, { bucketName, bundleId: 'small_1_0' })
  return { clock, context, caller }
}

describe('operation records', () => {
  it('come oldest first in pages of 200, and a token fits its own list only', async () => {
    const { clock, context, caller } = await setUp()
    for (let index = 0; index < 250; index++) {
      clock.advance(1)
      await updateBucket(context, caller, { bucketName })
    }
    const first = await listOperationRecords(context, caller)
    assert.equal(first.records.length, 200)
    assert.equal(first.records[0]?.operationType, 'CreateBucket')
    const { nextPageToken = '' } = first
    const second = await listOperationRecords(context, caller, nextPageToken)
    assert.deepEqual([second.records.length, second.nextPageToken], [51, undefined])
    assert.deepEqual((await listOperationRecords(context, caller, '')).records, first.records)
    for (const [who, token] of [
      [{ ...caller, region: 'eu-west-1' }, nextPageToken],
      [{ ...caller, accountId: '999999999999' }, nextPageToken],
      [caller, `${nextPageToken.slice(0, -2)}AA`],
    ] as const) {
      await assert.rejects(listOperationRecords(context, who, token), { kind: 'InvalidPageToken' })
    }
  })

  it('are pruned by age and by number, the newest staying', async () => {
    const { clock, context, caller } = await setUp()
    for (let index = 0; index < 9; index++) {
      clock.advance(1_000)
      await updateBucket(context, caller, { bucketName })
    }
    assert.equal(await pruneOperationRecords(context, { ageMsMax: DAY_MS, recordsMax: 6 }), 4)
    assert.equal(await pruneOperationRecords(context, { ageMsMax: 2_500, recordsMax: 6 }), 3)
    const { records } = await listOperationRecords(context, caller)
    assert.deepEqual(
      records.map(({ createdAt }) => clock.now() - createdAt),
      [2_000, 1_000, 0],
    )
  })
})
