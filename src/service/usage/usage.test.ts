import { DAY_MS } from '../../base/milliseconds.ts'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import { ManualClock } from '../../../test/manual-clock.ts'
import { MemoryMetadataStore } from '../../storage/memory/metadata-store.ts'
import { CommitUnknown, StoreUnavailable } from '../../storage/metadata-store.ts'
import { bucketKey } from '../keyspace.ts'
import { bucketCodec } from '../records/bucket.ts'
import { dayOf, readDailyUsage, recordDailyUsage } from './daily-usage.ts'
import { TransferMeter } from './transfer-meter.ts'
import { readUsage, usageDelta } from './usage.ts'

const NOW = Date.UTC(2030, 0, 15, 12)
const TODAY = dayOf(NOW)

async function addBucket(metadata: MemoryMetadataStore, name: string): Promise<string> {
  const value = bucketCodec.encode(bucketRecord({ bucketId: `id-${name}`, name, createdAt: NOW }))
  await metadata.commit({ sets: [{ key: bucketKey(name), value }] })
  return `id-${name}`
}

describe('usage', () => {
  it('is the sum of all changes, over all shards, of this bucket alone', async () => {
    const metadata = new MemoryMetadataStore()
    for (let count = 0; count < 200; count++)
      await metadata.commit({ adds: usageDelta('one', { sizeBytes: 10, objects: 1 }) })
    await metadata.commit({ adds: usageDelta('one', { sizeBytes: -50, objects: -5 }) })
    await metadata.commit({ adds: usageDelta('one2', { sizeBytes: 7, objects: 1 }) })
    assert.deepEqual(await readUsage(metadata, 'one'), { sizeBytes: 1950, objects: 195 })
    assert.deepEqual(await readUsage(metadata, 'none'), { sizeBytes: 0, objects: 0 })
  })

  it('writes nothing for a change that changes neither', () => {
    assert.deepEqual(usageDelta('one', { sizeBytes: 0, objects: 0 }), [])
  })
})

describe('daily usage', () => {
  it('has one point a day, the last that was taken, for every bucket', async () => {
    const metadata = new MemoryMetadataStore()
    for (let index = 0; index < 150; index++) await addBucket(metadata, `bucket-${index}`)
    await metadata.commit({ adds: usageDelta('id-bucket-7', { sizeBytes: 123, objects: 4 }) })
    assert.equal(await recordDailyUsage(metadata, NOW), 150)
    await metadata.commit({ adds: usageDelta('id-bucket-7', { sizeBytes: 1000, objects: 1 }) })
    assert.equal(await recordDailyUsage(metadata, NOW + 3600_000), 1)
    assert.equal(await recordDailyUsage(metadata, NOW + 7200_000), 0)
    assert.equal(await recordDailyUsage(metadata, NOW + DAY_MS), 150)
    const days = await readDailyUsage(metadata, 'id-bucket-7', { from: TODAY - 30, to: TODAY + 2 })
    assert.deepEqual(
      days.map(({ day, point }) => [day, point?.sizeBytes, point?.objects]),
      [
        [TODAY, 1123, 5],
        [TODAY + 1, 1123, 5],
      ],
    )
    assert.deepEqual(await readDailyUsage(metadata, 'id-bucket-7', { from: TODAY + 2, to: TODAY + 9 }), [])
  })

  it('is kept for 455 days', async () => {
    const metadata = new MemoryMetadataStore()
    const bucketId = await addBucket(metadata, 'old')
    for (const day of [0, 1, 455, 456]) await recordDailyUsage(metadata, NOW + day * DAY_MS)
    const days = await readDailyUsage(metadata, bucketId, { from: TODAY - 1, to: TODAY + 1000 })
    assert.deepEqual(
      days.map(({ day }) => day - TODAY),
      [1, 455, 456],
    )
  })

  it('has the transfer that several meters flushed, by day', async () => {
    const metadata = new MemoryMetadataStore()
    const clock = new ManualClock(NOW)
    const meters = [new TransferMeter(metadata, clock), new TransferMeter(metadata, clock)]
    for (const meter of meters) {
      for (let count = 0; count < 10; count++) meter.count('one', { inBytes: 1, outBytes: 100 })
      await meter.flush()
    }
    clock.advance(DAY_MS)
    meters[0]?.count('one', { inBytes: 5, outBytes: 0 })
    await meters[0]?.flush()
    assert.deepEqual(await readDailyUsage(metadata, 'one', { from: TODAY, to: TODAY + 2 }), [
      { day: TODAY, point: null, transferInBytes: 20, transferOutBytes: 2000, requests: 20 },
      { day: TODAY + 1, point: null, transferInBytes: 5, transferOutBytes: 0, requests: 1 },
    ])
  })

  it('keeps counts that the store could not take for the next flush', async () => {
    const metadata = new MemoryMetadataStore()
    let isAway = true
    const flaky: Pick<MemoryMetadataStore, 'commit'> = {
      commit: async (change) => {
        if (isAway) throw new StoreUnavailable('away')
        return await metadata.commit(change)
      },
    }
    const meter = new TransferMeter(flaky, new ManualClock(NOW))
    meter.count('one', { inBytes: 1, outBytes: 2 })
    await assert.rejects(meter.flush(), StoreUnavailable)
    meter.count('one', { inBytes: 10, outBytes: 20 })
    isAway = false
    await meter.flush()
    const [day] = await readDailyUsage(metadata, 'one', { from: TODAY, to: TODAY + 1 })
    assert.deepEqual([day?.transferInBytes, day?.transferOutBytes, day?.requests], [11, 22, 2])
  })

  it('counts nothing twice when the store cannot tell whether it took the counts', async () => {
    const metadata = new MemoryMetadataStore()
    let isLost = true
    const forgetful: Pick<MemoryMetadataStore, 'commit'> = {
      commit: async (change) => {
        const outcome = await metadata.commit(change)
        if (isLost) throw new CommitUnknown('lost')
        return outcome
      },
    }
    const meter = new TransferMeter(forgetful, new ManualClock(NOW))
    meter.count('one', { inBytes: 1, outBytes: 2 })
    await assert.rejects(meter.flush(), CommitUnknown)
    meter.count('one', { inBytes: 10, outBytes: 20 })
    isLost = false
    await meter.flush()
    const [day] = await readDailyUsage(metadata, 'one', { from: TODAY, to: TODAY + 1 })
    assert.deepEqual([day?.transferInBytes, day?.transferOutBytes, day?.requests], [11, 22, 2])
  })
})
