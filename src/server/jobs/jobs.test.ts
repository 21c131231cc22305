import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newEngines } from '../../../test/backup/backup-world.ts'
import { fill, setUp } from '../../../test/bucket-world.ts'
import { ObjectWorld } from '../../../test/objects/object-world.ts'
import { blobReferenceKey, blobReferencesRange } from '../../service/keyspace.ts'
import { deleteBucket } from '../../service/buckets/delete-bucket.ts'
import { DAY_MS } from '../../base/milliseconds.ts'
import { readDailyUsage, dayOf } from '../../service/usage/daily-usage.ts'
import { readSettings } from '../configuration/read.ts'
import { createJobs } from './index.ts'
import type { Job } from './job.ts'

const settings = readSettings({
  options: new Map(Object.entries({ 'sweep-interval-seconds': '7200', 'lifecycle-day-seconds': '60' })),
  environment: {},
})
const NOTHING = (): undefined => undefined
const jobsOf = (context: Parameters<typeof createJobs>[0]): ReadonlyMap<string, Job> =>
  new Map(
    createJobs(
      context,
      settings,
      { record: NOTHING },
      { onRetired: NOTHING, onCounted: NOTHING, onForgotten: NOTHING },
    ).map((job) => [job.name, job]),
  )
const { signal } = new AbortController()

describe('the background work', () => {
  it('has each job once, of the store or of each process, as often as its settings say', async () => {
    const { context } = await setUp()
    const jobs = jobsOf(context)
    assert.equal(
      jobs.size,
      createJobs(
        context,
        settings,
        { record: NOTHING },
        { onRetired: NOTHING, onCounted: NOTHING, onForgotten: NOTHING },
      ).length,
    )
    const ofProcess = [...jobs.values()].filter(({ scope }) => scope === 'process').map(({ name }) => name)
    assert.deepEqual(ofProcess, [
      'renew-writer-lease',
      'reclaim-blobs',
      'answer-removal-questions',
      'look-for-damage',
      'sweep-blobs',
    ])
    assert.equal(jobs.get('sweep-blobs')?.intervalMs, 7_200_000)
    assert.equal(jobs.get('finish-uploads')?.intervalMs, 7_200_000)
    // Twice in a day of the lifecycle.
    assert.equal(jobs.get('apply-lifecycle')?.intervalMs, 30_000)
    for (const { name, intervalMs } of jobs.values())
      assert.ok(intervalMs >= 1_000 && intervalMs <= DAY_MS, name)
  })

  it('does nothing to a store in which nothing is due, and opens no lease for that', async () => {
    const { context } = await setUp()
    for (const job of jobsOf(context).values()) if (job.name !== 'sweep-blobs') await job.run(signal)
    assert.equal(context.blobLedger.ifOpen, null)
  })

  it('removes what lay in removed buckets, and counts what each bucket holds', async () => {
    const world = await setUp()
    const { context, caller, bucket, clock } = world
    await fill(world, 5)
    const jobs = jobsOf(context)
    await jobs.get('record-usage')?.run(signal)
    const today = dayOf(clock.now())
    const [day] = await readDailyUsage(context.metadata, bucket.bucketId, { from: today, to: today + 1 })
    assert.equal(day?.point?.objects, 5)
    await deleteBucket(context, caller, bucket.name, true)
    await jobs.get('purge-removed-buckets')?.run(signal)
    const references = await context.metadata.scan({ ...blobReferencesRange(), limit: 100 })
    assert.deepEqual(references, [])
  })

  it('makes lost references again, and tells of them', async () => {
    const engines = newEngines()
    const world = await ObjectWorld.make({}, engines)
    await world.put('k', 'bytes that make a blob of their own')
    await world.context.blobLedger.close()
    const context = world.otherProcess()
    const [blob] = await engines.rawBlobs.list({ limit: 1 })
    await engines.metadata.commit({ deletes: [blobReferenceKey(blob?.id ?? '')] })
    const told: string[] = []
    context.damage.onFound = ({ reason }) => told.push(reason)
    world.clock.advance(DAY_MS)
    await jobsOf(context).get('sweep-blobs')?.run(signal)
    assert.deepEqual(told, [
      '1 references to blobs: they were gone, though objects name these blobs, and were made again',
    ])
    await jobsOf(context).get('sweep-blobs')?.run(signal)
    assert.equal(told.length, 1)
    assert.ok((await engines.metadata.getMany([blobReferenceKey(blob?.id ?? '')]))[0])
  })
})
