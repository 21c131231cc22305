import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ManualClock } from '../../../test/manual-clock.ts'
import { memoryContext } from '../../../test/memory-context.ts'
import { DAY_MS } from '../../base/milliseconds.ts'
import { createAccount } from '../accounts/create-account.ts'
import { createBucket } from '../buckets/create-bucket.ts'
import { getOwnBucket } from '../buckets/own-bucket.ts'
import { readBucketDays } from './bucket-days.ts'
import { dayOf, recordDailyUsage, transferDelta } from './daily-usage.ts'

it('a bucket’s days have what it held and transferred, today as it stands, and the month’s transfer is counted from the month’s first day', async () => {
  const clock = new ManualClock()
  clock.advance(Date.UTC(2026, 9, 31, 12) - clock.now())
  const context = memoryContext({ clock })
  const { account } = await createAccount(context, 'main')
  const caller = { accountId: account.accountId, region: 'us-east-1' }
  await createBucket(context, caller, { bucketName: 'photos', bundleId: 'small_1_0' })
  const { record } = await getOwnBucket(context, caller, 'photos')
  const transfer = (outBytes: number) =>
    context.metadata.commit({
      adds: transferDelta(record.bucketId, dayOf(clock.now()), { inBytes: 1, outBytes, requests: 2 }),
    })
  await transfer(100)
  await recordDailyUsage(context.metadata, clock.now())
  clock.advance(DAY_MS)
  await transfer(20)
  clock.advance(DAY_MS)
  await transfer(3)
  const read = (days: number) => readBucketDays(context, caller, { bucketName: 'photos', days })
  assert.deepEqual(await read(3), {
    storedBytes: 0,
    objects: 0,
    sentBytesOfMonth: 23,
    days: [
      {
        began: Date.UTC(2026, 9, 31),
        storedBytes: 0,
        objects: 0,
        receivedBytes: 1,
        sentBytes: 100,
        requests: 2,
      },
      { began: Date.UTC(2026, 10, 1), receivedBytes: 1, sentBytes: 20, requests: 2 },
      {
        began: Date.UTC(2026, 10, 2),
        storedBytes: 0,
        objects: 0,
        receivedBytes: 1,
        sentBytes: 3,
        requests: 2,
      },
    ],
  })
  assert.deepEqual(
    (await read(1)).days.map(({ sentBytes }) => sentBytes),
    [3],
  )
  await assert.rejects(
    readBucketDays(context, { ...caller, region: 'eu-west-1' }, { bucketName: 'photos', days: 1 }),
  )
})
