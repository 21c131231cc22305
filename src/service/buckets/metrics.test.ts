import { DAY_MS } from '../../base/milliseconds.ts'
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketName, fill, setUp } from '../../../test/bucket-world.ts'
import { dailyUsageKey } from '../keyspace.ts'
import { getBucketMetrics } from './metrics.ts'

describe('bucket metrics', () => {
  it('give one point a day: past days as counted, today as it stands, empty days none', async () => {
    const world = await setUp()
    const { clock, context, caller, bucket } = world
    await fill(world, 3)
    const today = Math.floor(clock.now() / DAY_MS)
    await context.metadata.commit({
      adds: [
        { key: dailyUsageKey(bucket.bucketId, today - 2, 'point'), amounts: [15, 2] },
        { key: dailyUsageKey(bucket.bucketId, today - 2, 't0'), amounts: [1_000, 1_000] },
        { key: dailyUsageKey(bucket.bucketId, today - 1, 'point'), amounts: [0, 0] },
      ],
    })
    const input = {
      bucketName,
      metricName: 'BucketSizeBytes' as const,
      startTime: (today - 7) * DAY_MS,
      endTime: (today + 1) * DAY_MS,
      period: 86_400,
      statistics: ['Average', 'SampleCount'] as const,
      unit: 'Bytes',
    }
    assert.deepEqual(await getBucketMetrics(context, caller, input), [
      { timestamp: (today - 2) * DAY_MS, unit: 'Bytes', average: 15, sampleCount: 1 },
      { timestamp: today * DAY_MS, unit: 'Bytes', average: 3, sampleCount: 1 },
    ])
    assert.deepEqual(await getBucketMetrics(context, caller, { ...input, unit: 'Count' }), [])
    await assert.rejects(getBucketMetrics(context, caller, { ...input, endTime: input.startTime }), {
      kind: 'InvalidMetricRange',
      fields: { problem: 'ends-before-it-begins' },
    })
  })
})
