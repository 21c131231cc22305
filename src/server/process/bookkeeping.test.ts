import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setUp } from '../../../test/bucket-world.ts'
import { DAY_MS } from '../../base/milliseconds.ts'
import type { Exchange, ExchangeFacts } from '../../api/exchange.ts'
import { usageKey } from '../../service/keyspace.ts'
import { readKeyUses } from '../../service/key-uses/read-key-uses.ts'
import { dayOf, readDailyUsage } from '../../service/usage/daily-usage.ts'
import { createLogger } from '../logging/logger.ts'
import { LargestBuckets, type HeldByBucket } from '../metrics/largest-buckets.ts'
import { metricsNamesMax } from '../metrics/names-max.ts'
import type { BundleTotals } from '../metrics/metrics.ts'
import { Bookkeeping } from './bookkeeping.ts'

const GB = 1024 ** 3
const { signal } = new AbortController()

async function newBookkeeping() {
  const world = await setUp()
  const { context, caller, bucket, clock } = world
  const told: { bundles: [string, BundleTotals][]; held: HeldByBucket[] } = { bundles: [], held: [] }
  const bookkeeping = new Bookkeeping({
    context,
    settings: { accessLogIntervalSeconds: 7, metrics: 'loopback', metricsNamesMax: null },
    log: createLogger({ level: 'error', format: 'text', target: (_, done) => done(), clock }),
    metrics: {
      countAccessLogLines: () => undefined,
      countLostKeyUses: () => undefined,
      setBundles: (bundles) => (told.bundles = [...bundles]),
      setHeldByBuckets: (buckets) => (told.held = [...buckets]),
    },
  })
  const observe = (facts: ExchangeFacts): void =>
    bookkeeping.observe(
      {
        ...{
          facts,
          receivedAt: clock.now(),
          requestId: 'ID',
          client: { address: '192.0.2.1', isSecure: true },
        },
        ...{ request: { method: 'GET', url: '/', headers: {} }, response: { getHeader: () => undefined } },
      } as unknown as Exchange,
      { status: 200, durationMs: 1, startedAt: 0 },
    )
  const today = async () => {
    const day = dayOf(clock.now())
    const [usage] = await readDailyUsage(context.metadata, bucket.bucketId, { from: day, to: day + 1 })
    return usage && [usage.requests, usage.transferInBytes, usage.transferOutBytes]
  }
  const uses = async () => {
    const page = await readKeyUses(context, { accountId: caller.accountId, accessKeyIds: ['AKIA'] })
    return page.uses.map(({ requests, receivedBytes, sentBytes }) => [requests, receivedBytes, sentBytes])
  }
  const jobs = new Map(bookkeeping.jobs.map((job) => [job.name, job]))
  const signer = {
    ...{ accountId: caller.accountId, accessKeyId: 'AKIA', isStopped: false },
    principal: { type: 'account', accountId: caller.accountId, accessKeyId: 'AKIA' } as const,
  }
  return { ...world, bookkeeping, told, observe, today, uses, jobs, signer }
}

describe('what requests leave behind', () => {
  it('is the transfer of their bucket and the use of their key, stored when it is time', async () => {
    const { bucket, observe, today, uses, jobs, signer } = await newBookkeeping()
    observe({ bucketId: bucket.bucketId, requestBodyBytes: 3, responseBodyBytes: 4, signer })
    observe({ bucketId: bucket.bucketId })
    observe({ requestBodyBytes: 100 })
    assert.deepEqual([await today(), await uses()], [undefined, []])
    await jobs.get('store-transfer')?.run(signal)
    assert.deepEqual([await today(), await uses()], [[2, 3, 4], []])
    await jobs.get('store-key-uses')?.run(signal)
    assert.deepEqual(await uses(), [[1, 3, 4]])
  })

  it('is stored at once where a process stops', async () => {
    const { bucket, bookkeeping, observe, today, uses, signer } = await newBookkeeping()
    observe({ bucketId: bucket.bucketId, requestBodyBytes: 3, signer })
    await bookkeeping.flush()
    assert.deepEqual([await today(), await uses()], [[1, 3, 0], [[1, 3, 0]]])
  })

  it('is stored by each process, every few seconds and at its end, while one of them counts the bundles', async () => {
    const { jobs } = await newBookkeeping()
    assert.equal(jobs.get('deliver-access-logs')?.intervalMs, 7_000)
    for (const { name, scope, isDoneAtStop, intervalMs } of jobs.values()) {
      const isCount = name === 'count-bundles'
      assert.deepEqual([scope, isDoneAtStop === true], isCount ? ['store', false] : ['process', true], name)
      assert.ok(intervalMs >= (isCount ? 60_000 : 1_000) && intervalMs <= DAY_MS / 24, name)
    }
    assert.equal(jobs.size, 4)
  })

  it('is counted by bundles, with those that exceed theirs', async () => {
    const { context, bucket, told, jobs, observe, bookkeeping } = await newBookkeeping()
    const count = async () => {
      await jobs.get('count-bundles')?.run(signal)
      return told.bundles
    }
    const none = { exceedingStorage: 0, exceedingTransfer: 0, sentBytes: 0, receivedBytes: 0 }
    assert.deepEqual(await count(), [['small_1_0', { ...none, buckets: 1, storedBytes: 0 }]])
    await context.metadata.commit({ adds: [{ key: usageKey(bucket.bucketId, '0'), amounts: [5 * GB, 7] }] })
    const [, full] = (await count())[0] ?? []
    assert.deepEqual([full?.storedBytes, full?.exceedingStorage], [5 * GB, 0])
    assert.deepEqual(told.held, [{ bucketName: bucket.name, storedBytes: 5 * GB, objects: 7 }])
    await context.metadata.commit({ adds: [{ key: usageKey(bucket.bucketId, '0'), amounts: [1, 0] }] })
    observe({ bucketId: bucket.bucketId, responseBodyBytes: 25 * GB, requestBodyBytes: 9 })
    await bookkeeping.flush()
    const [, over] = (await count())[0] ?? []
    assert.deepEqual(over, {
      ...{ buckets: 1, storedBytes: 5 * GB + 1, sentBytes: 25 * GB, receivedBytes: 9 },
      ...{ exceedingStorage: 1, exceedingTransfer: 0 },
    })
    observe({ bucketId: bucket.bucketId, responseBodyBytes: 1 })
    await bookkeeping.flush()
    assert.equal((await count())[0]?.[1].exceedingTransfer, 1)
  })
})

describe('buckets with metrics of their own', () => {
  it('are those that hold most, the largest first', () => {
    const sizes = Array.from({ length: 100 }, (_, at) => (at * 37) % 100)
    for (const max of [0, 1, 5, 200]) {
      const largest = new LargestBuckets(max)
      for (const storedBytes of sizes)
        largest.add({ bucketName: String(storedBytes), storedBytes, objects: 1 })
      assert.deepEqual(
        largest.all.map(({ storedBytes }) => storedBytes),
        [...sizes].sort((a, b) => b - a).slice(0, max),
      )
    }
  })

  it('are a hundred, none where everyone may read them, or as many as are asked for', () => {
    for (const [metrics, chosen, max] of [
      ['loopback', null, 100],
      ['off', null, 100],
      ['everyone', null, 0],
      ['everyone', 5, 5],
      ['loopback', 0, 0],
    ] as const)
      assert.equal(metricsNamesMax({ metrics, metricsNamesMax: chosen }), max)
  })
})
