import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newEngines } from '../../../test/backup/backup-world.ts'
import { NO_ATTRIBUTES, ObjectWorld, wholeBody } from '../../../test/objects/object-world.ts'
import { blobReferenceKey, currentVersionKey, partKey, usageKey } from '../../service/keyspace.ts'
import { createUpload } from '../../service/uploads/create-upload.ts'
import { uploadPart } from '../../service/uploads/upload-part.ts'
import { StoreUnavailable } from '../../storage/metadata-store.ts'
import { bodyOf } from '../../storage/testing/blob-fixtures.ts'
import { readScrub, wantScrub, writeScrub, type FinishedPass, type ScrubCounts } from './scrub-record.ts'
import { scrub, scrubJob, watchScrubJob } from './scrub.ts'

const LARGE = 'bytes of a blob '.repeat(20_000)
const DAY_MS = 24 * 3_600_000

/** Two objects with blobs, one without, and a part of an upload; and what a scrub of them tells. */
async function newWorld() {
  const engines = newEngines()
  const world = await ObjectWorld.make({}, engines)
  const { context } = world
  await world.put('one', `${LARGE}1`)
  await world.put('small', 'small')
  await world.put('two', `${LARGE}2`)
  const { uploadId } = await createUpload(context, world.admission, {
    objectKey: 'up',
    attributes: NO_ATTRIBUTES,
  })
  const body = wholeBody(`${LARGE}part`)
  await uploadPart(context, world.admission, { objectKey: 'up', uploadId, partNumber: 1, body })
  const told = {
    read: { records: 0, blobs: 0, bytes: 0, damaged: 0 },
    found: [] as string[],
    last: [] as FinishedPass[],
    passes: [] as string[],
  }
  context.damage.onFound = ({ key, reason }) => told.found.push(`${key}: ${reason}`)
  const options = {
    ...{ periodMs: 30 * DAY_MS, sharePercent: 100 },
    onRead: ({ records, blobs, bytes, damaged }: ScrubCounts) => {
      told.read.records += records
      told.read.blobs += blobs
      told.read.bytes += bytes
      told.read.damaged += damaged
    },
    onLast: (last: FinishedPass) => told.last.push(last),
    onPass: ({ records }: ScrubCounts, isOver: boolean) =>
      told.passes.push(`${isOver ? 'ended' : 'began'} ${records > 0 ? 'with some' : 'with none'}`),
  }
  const { bucketId, name } = world.admission.bucket.record
  const blobIds = (await engines.rawBlobs.list({ limit: 10 })).map(({ id }) => id)
  const stored = async () => (await readScrub(context)).record
  const pass = (goesOn: () => boolean = () => true, change: { periodMs?: number } = {}) =>
    scrub(context, { ...options, ...change }, { goesOn })
  return { ...engines, world, context, told, options, pass, stored, bucketId, name, blobIds, uploadId }
}

describe('a scrub', () => {
  it('reads every record and every blob once, compares the counters, and finds nothing wrong in a whole store', async () => {
    const { world, metadata, told, pass, stored } = await newWorld()
    const records = (await metadata.scan({ start: Buffer.from([1]), end: Buffer.from([128]), limit: 1_000 }))
      .length
    const at = world.clock.now()
    await pass()
    const { read } = told
    assert.deepEqual([read.records, read.blobs, read.damaged], [records, 3, 0])
    assert.ok(read.bytes > 3 * LARGE.length)
    assert.deepEqual(await stored(), { pass: null, last: { startedAt: at, finishedAt: at, ...read } })
    assert.deepEqual(told.last, [{ startedAt: at, finishedAt: at, ...read }])
    assert.deepEqual([told.passes, told.found], [['began with none', 'ended with some'], []])
  })

  it('begins when its time has come, when somebody asks, and where the clock was set back; else not', async () => {
    const { world, context, told, pass, stored } = await newWorld()
    await pass(undefined, { periodMs: 0 })
    assert.deepEqual([told.passes, await stored()], [[], { pass: null, last: null }])
    await pass()
    world.clock.advance(30 * DAY_MS - 1)
    await pass()
    assert.equal(told.last.length, 1)
    world.clock.advance(1)
    await pass()
    assert.equal(told.last.length, 2)
    await pass(undefined, { periodMs: 0 })
    assert.equal((await wantScrub(context)).isWanted, true)
    assert.equal((await wantScrub(context)).isWanted, true)
    await pass(undefined, { periodMs: 0 })
    assert.deepEqual([told.last.length, (await stored()).isWanted], [3, undefined])
    world.clock.advance(-DAY_MS)
    await pass()
    assert.equal(told.last.length, 4)
  })

  it('goes on where it was interrupted, wherever that was, and reads nothing twice', async () => {
    for (const step of [1, 2, 3, 7]) {
      const again = await newWorld()
      const all = { start: Buffer.from([1]), end: Buffer.from([128]), limit: 1_000 }
      const records = (await again.metadata.scan(all)).length
      let rounds = 0
      for (; again.told.last.length === 0 && rounds < 1_000; rounds++) {
        let left = step
        await again.pass(() => left-- > 0)
      }
      // And the one in which it keeps how far it got.
      assert.deepEqual(
        [again.told.read.records, again.told.read.blobs],
        [records + 1, 3],
        `every ${step} steps`,
      )
      assert.ok(again.told.read.bytes < 3 * LARGE.length + 10_000)
      assert.ok(rounds > 2, `${rounds} rounds`)
      assert.deepEqual(again.told.passes, ['began with none', 'ended with some'])
    }
  })

  it('tells what is damaged: blobs that changed or are gone, records, parts; and goes on behind it', async () => {
    const { rawBlobs, rawMetadata, told, pass, bucketId, blobIds, world } = await newWorld()
    const [changed = '', gone = ''] = blobIds
    await rawBlobs.put(changed, bodyOf(Buffer.from('other bytes')))
    await rawBlobs.delete([gone])
    rawMetadata.spoil(currentVersionKey(bucketId, 'small'))
    await pass()
    assert.equal(told.read.damaged, 3)
    assert.equal(told.found.length, 3)
    assert.ok(told.found.some((found) => found.startsWith('small: ')))
    assert.ok(told.found.some((found) => found.includes(`blob ${changed} in memory is damaged`)))
    assert.ok(told.found.some((found) => found.endsWith(`blob ${gone} does not exist`)))
    await world.context.damage.refresh()
    assert.equal(told.last[0]?.damaged, 3)
  })

  it('tells a damaged part by its upload, and takes one whose blob is another’s now for none', async () => {
    const { rawBlobs, metadata, told, pass, blobIds, uploadId } = await newWorld()
    const row = partKey(uploadId, 1)
    const [part] = await metadata.getMany([row])
    const partBlob = blobIds.find((id) => part?.value.includes(id)) ?? ''
    await rawBlobs.delete([partBlob])
    await pass()
    assert.deepEqual(told.found, [`: a part of upload ${uploadId}: blob ${partBlob} does not exist`])
    await metadata.commit({ deletes: [blobReferenceKey(partBlob)] })
    const before = told.read.damaged
    await pass(undefined, { periodMs: 1 })
    assert.equal(told.read.damaged, before)
  })

  it('tells counters that do not fit what is there', async () => {
    const { metadata, told, pass, bucketId, name } = await newWorld()
    await metadata.commit({ adds: [{ key: usageKey(bucketId, '0'), amounts: [5, 1] }] })
    await pass()
    assert.equal(told.read.damaged, 1)
    assert.match(told.found[0] ?? '', new RegExp(`^: bucket ${name}: bucket ${name}: its counters`))
    assert.equal(told.last[0]?.damaged, 1)
  })

  it('is given up by a process when another one wrote how far it got', async () => {
    const { context, told, options } = await newWorld()
    let rounds = 0
    await scrub(
      context,
      {
        ...options,
        onRead: () => {
          if (rounds++ === 0)
            void writeScrub(
              context,
              { record: { pass: null, last: null }, version: null },
              { pass: null, last: null },
            )
        },
      },
      { goesOn: () => rounds < 3 },
    )
    assert.deepEqual(await readScrub(context).then(({ record }) => record), { pass: null, last: null })
    assert.deepEqual(told.last, [])
  })

  it('keeps how far it got when the store fails, and when it is told to stop', async () => {
    const { context, told, options, stored, blobs } = await newWorld()
    const get = blobs.get.bind(blobs)
    blobs.get = async () => {
      throw new StoreUnavailable('away')
    }
    await assert.rejects(scrub(context, options, { goesOn: () => true }), StoreUnavailable)
    blobs.get = get
    const { pass } = await stored()
    assert.ok(pass && pass.records > 0)
    const stopping = AbortSignal.abort()
    await scrub(context, options, { goesOn: () => true, signal: stopping })
    assert.ok((await stored()).pass)
    assert.deepEqual(told.last, [])
    await scrub(context, options, { goesOn: () => true })
    assert.equal(told.last.length, 1)
  })

  it('is a job of one process of those that share the store, and the last pass is told to each', async () => {
    const { context, told, options, stored } = await newWorld()
    const job = scrubJob(context, options)
    const watching = watchScrubJob(context, options)
    assert.deepEqual(
      [job.name, job.scope, watching.name, watching.scope],
      ['scrub', 'store', 'watch-scrub', 'process'],
    )
    const { signal } = new AbortController()
    await watching.run(signal)
    assert.deepEqual(told.last, [])
    await job.run(signal)
    await watching.run(signal)
    assert.equal(told.last.length, 2)
    assert.deepEqual(told.last[0], (await stored()).last)
  })
})
