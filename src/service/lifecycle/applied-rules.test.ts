import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketRecord } from '../../../test/bucket-record.ts'
import { NO_ATTRIBUTES, ObjectWorld } from '../../../test/objects/object-world.ts'
import type { LoggedAccess } from '../access-logs/log-line.ts'
import { bucketKey } from '../keyspace.ts'
import { deleteObject } from '../objects/delete-object.ts'
import { listObjectVersions } from '../objects/list-object-versions.ts'
import { bucketCodec, type BucketRecord, type LifecycleRule } from '../records/bucket.ts'
import { createUpload } from '../uploads/create-upload.ts'
import { listUploads } from '../uploads/list-uploads.ts'
import { applyLifecycle } from './apply-lifecycle.ts'

const DAY_MS = 86_400_000
const NOTHING = { deletions: 0, uploadsAborted: 0 }
const LOGGED = { enabled: true, destination: 'logs' }

const rule = (changes: Partial<LifecycleRule>): LifecycleRule => ({
  id: 'rule',
  status: 'Enabled',
  ...changes,
})
const expiring = (changes: Partial<LifecycleRule> = {}): LifecycleRule =>
  rule({ expiration: { days: 1 }, ...changes })
const aborting = (changes: Partial<LifecycleRule> = {}): LifecycleRule =>
  rule({ abortIncompleteMultipartUpload: { daysAfterInitiation: 2 }, ...changes })

/** A bucket with these rules, and what its access log is told. */
async function newWorld(bucket: Partial<BucketRecord>) {
  const world = await ObjectWorld.make(bucket)
  const { context, admission } = world
  const logged: Partial<LoggedAccess>[] = []
  const accessLogs = {
    record: (
      target: { readonly bucketName: string },
      { requester, operation, objectKey, versionId, objectSizeBytes }: LoggedAccess,
    ) => {
      assert.equal(target.bucketName, admission.bucket.record.name)
      assert.equal(requester, 'AmazonS3')
      logged.push({
        ...{ operation, objectKey },
        ...(versionId !== undefined && { versionId }),
        ...(objectSizeBytes !== undefined && { objectSizeBytes }),
      })
    },
  }
  return {
    ...{ world, context, admission, logged },
    apply: () => applyLifecycle(context, { accessLogs }),
    keys: async () =>
      (await listObjectVersions(context, admission, { maxKeys: 1_000 })).versions.map(
        ({ objectKey, record }) => (record.isDeleteMarker === true ? '-' : '') + objectKey,
      ),
    begin: (objectKey: string) => createUpload(context, admission, { objectKey, attributes: NO_ATTRIBUTES }),
    uploads: async () =>
      (await listUploads(context, admission, { maxUploads: 100 })).uploads.map(({ key }) => key),
  }
}

describe('lifecycle rules that are applied', () => {
  it('delete what has expired, in all buckets, and count it', async () => {
    const { world, context, apply, keys } = await newWorld({ lifecycle: [expiring({ prefix: 'old/' })] })
    for (const [name, bucket] of [
      ['no-rules', {}],
      ['switched-off', { lifecycle: [expiring({ status: 'Disabled' })] }],
    ] as const)
      await context.metadata.commit({
        sets: [
          {
            key: bucketKey(name),
            value: bucketCodec.encode(bucketRecord({ ...bucket, name, bucketId: name })),
          },
        ],
      })
    for (const key of ['old/a', 'old/b', 'new/a']) await world.put(key, 'text')
    assert.deepEqual(await apply(), NOTHING)
    world.clock.advance(2 * DAY_MS)
    await world.put('old/c', 'text')
    assert.deepEqual(await apply(), { deletions: 2, uploadsAborted: 0 })
    assert.deepEqual(await keys(), ['new/a', 'old/c'])
    await world.assertBlobsAreWhole()
  })

  it('delete more than one batch of versions, each once', async () => {
    const { world, apply, keys } = await newWorld({ lifecycle: [expiring()] })
    const count = 1_003
    for (let at = 0; at < count; at++) await world.put(`key-${at}`, '')
    world.clock.advance(2 * DAY_MS)
    assert.deepEqual(await apply(), { deletions: count, uploadsAborted: 0 })
    assert.deepEqual(await keys(), [])
    assert.deepEqual(await apply(), NOTHING)
  })

  it('leave what is switched off, and what a later run is to see to', async () => {
    const { world, apply, keys } = await newWorld({
      lifecycle: [expiring({ status: 'Disabled' }), aborting({ status: 'Disabled' })],
    })
    await world.put('key', 'text')
    world.clock.advance(9 * DAY_MS)
    assert.deepEqual(await apply(), NOTHING)
    assert.deepEqual(await keys(), ['key'])
  })

  it('tell the access log of the bucket what they did, as S3 does', async () => {
    const { world, logged, apply, begin, keys } = await newWorld({
      ...{ versioning: 'Enabled', accessLog: LOGGED },
      lifecycle: [
        expiring({ prefix: 'a' }),
        rule({ noncurrentVersionExpiration: { noncurrentDays: 1 } }),
        aborting(),
      ],
    })
    const { versionId: older } = await world.put('b', 'four')
    await world.put('b', 'newer')
    await world.put('a', 'seven..')
    await begin('an upload')
    world.clock.advance(5 * DAY_MS)
    assert.deepEqual(await apply(), { deletions: 2, uploadsAborted: 1 })
    const [marked, expired, aborted, ...others] = logged
    assert.deepEqual(others, [])
    assert.deepEqual(
      { ...marked, versionId: '' },
      { operation: 'S3.CREATE.DELETEMARKER', objectKey: 'a', versionId: '' },
    )
    const { versions } = await listObjectVersions(world.context, world.admission, { maxKeys: 1 })
    assert.equal(marked?.versionId, versions[0]?.record.versionId, 'the marker’s own')
    assert.deepEqual(expired, {
      operation: 'S3.EXPIRE.OBJECT',
      objectKey: 'b',
      versionId: older,
      objectSizeBytes: 4,
    })
    assert.deepEqual(aborted, { operation: 'S3.DELETE.UPLOAD', objectKey: 'an%20upload' })
    assert.deepEqual(await keys(), ['-a', 'a', 'b'])
  })

  it('tell of an object without versions its size, and nothing where the log is off', async () => {
    for (const accessLog of [LOGGED, { ...LOGGED, enabled: false }]) {
      const { world, logged, apply } = await newWorld({ accessLog, lifecycle: [expiring()] })
      await world.put('key', 'four')
      world.clock.advance(2 * DAY_MS)
      assert.equal((await apply()).deletions, 1)
      const line = { operation: 'S3.EXPIRE.OBJECT', objectKey: 'key', objectSizeBytes: 4 }
      assert.deepEqual(logged, accessLog.enabled ? [line] : [])
    }
  })

  it('abort uploads that were begun so many days before, under the prefix of their rule', async () => {
    const { world, apply, begin, uploads } = await newWorld({
      lifecycle: [
        aborting({ prefix: 'a/' }),
        expiring({ prefix: 'b/' }),
        aborting({ prefix: 'c/', abortIncompleteMultipartUpload: { daysAfterInitiation: 4 } }),
      ],
    })
    for (const key of ['a/1', 'b/1', 'c/1', 'd/1']) await begin(key)
    const startedAt = world.clock.now()
    const dueAt = Math.ceil(startedAt / DAY_MS + 2) * DAY_MS
    world.clock.advance(dueAt - startedAt - 1)
    assert.deepEqual(await apply(), NOTHING)
    world.clock.advance(1)
    assert.deepEqual(await apply(), { deletions: 0, uploadsAborted: 1 })
    assert.deepEqual(await uploads(), ['b/1', 'c/1', 'd/1'])
    world.clock.advance(2 * DAY_MS)
    assert.deepEqual(await apply(), { deletions: 0, uploadsAborted: 1 })
    assert.deepEqual(await uploads(), ['b/1', 'd/1'])
  })

  /** Does something once the bucket was read, before anything of it is deleted. */
  function onceScanned(world: ObjectWorld, work: () => Promise<unknown>): void {
    const { metadata } = world.context
    const scan = metadata.scan.bind(metadata)
    let scans = 0
    metadata.scan = async (range) => {
      const found = await scan(range)
      // The first one finds the buckets.
      if (++scans === 2) await work()
      return found
    }
  }

  it('do nothing more by rules that were changed meanwhile', async () => {
    const { world, apply, keys, begin, uploads } = await newWorld({ lifecycle: [expiring(), aborting()] })
    await world.put('key', 'text')
    await begin('upload')
    world.clock.advance(5 * DAY_MS)
    onceScanned(world, () => world.changeBucket({ lifecycle: [expiring({ prefix: 'other/' }), aborting()] }))
    assert.deepEqual(await apply(), NOTHING)
    assert.deepEqual([await keys(), await uploads()], [['key'], ['upload']])
    assert.deepEqual(await apply(), { deletions: 0, uploadsAborted: 1 })
  })

  it('leave an object that was written anew meanwhile, and are content with a bucket that is gone', async () => {
    const { world, context, apply, keys } = await newWorld({ lifecycle: [expiring()] })
    await world.put('key', 'text')
    world.clock.advance(2 * DAY_MS)
    onceScanned(world, () => world.put('key', 'newer'))
    assert.deepEqual(await apply(), NOTHING)
    assert.deepEqual(await keys(), ['key'])
    world.clock.advance(2 * DAY_MS)
    onceScanned(world, () =>
      context.metadata.commit({ deletes: [bucketKey(world.admission.bucket.record.name)] }),
    )
    assert.deepEqual(await apply(), NOTHING)
  })

  it('fail at the end for a bucket that they could not see to, others have had their turn by then', async () => {
    const { world, context, apply } = await newWorld({ name: 'a-first', lifecycle: [expiring()] })
    const { record } = world.admission.bucket
    const last = { ...record, name: 'b-last', bucketId: 'last' }
    await context.metadata.commit({
      sets: [{ key: bucketKey(last.name), value: bucketCodec.encode(last) }],
    })
    await world.put('key', 'text')
    world.clock.advance(2 * DAY_MS)
    const commit = context.metadata.commit.bind(context.metadata)
    context.metadata.commit = () => Promise.reject(new Error('the disk is gone'))
    const scanned: string[] = []
    const scan = context.metadata.scan.bind(context.metadata)
    context.metadata.scan = async (range) => {
      scanned.push(range.start.toString())
      return await scan(range)
    }
    await assert.rejects(apply(), (error) => {
      assert.match(JSON.stringify([String(error), String((error as Error).cause)]), /a-first|disk is gone/)
      return true
    })
    assert.ok(scanned.some((start) => start.includes('last')))
    context.metadata.commit = commit
    assert.equal((await apply()).deletions, 1)
  })

  it('end at once where they are told to', async () => {
    const { world, context, keys, begin } = await newWorld({ lifecycle: [expiring(), aborting()] })
    await world.put('key', 'text')
    await begin('upload')
    world.clock.advance(5 * DAY_MS)
    const ending = new AbortController()
    onceScanned(world, () => Promise.resolve(ending.abort(new Error('ends'))))
    await assert.rejects(applyLifecycle(context, { signal: ending.signal }), { message: 'ends' })
    assert.deepEqual(await keys(), ['key'])
  })

  it('remove the delete marker of an object that has nothing else', async () => {
    const { world, context, admission, logged, apply, keys } = await newWorld({
      ...{ versioning: 'Enabled', accessLog: LOGGED },
      lifecycle: [rule({ expiration: { expiredObjectDeleteMarker: true } })],
    })
    const { versionId } = await deleteObject(context, admission, { objectKey: 'key' })
    world.clock.advance(DAY_MS)
    assert.deepEqual(await apply(), { deletions: 1, uploadsAborted: 0 })
    assert.deepEqual(await keys(), [])
    assert.deepEqual(
      logged.map((line) => [line.operation, line.versionId]),
      [['S3.EXPIRE.OBJECT', versionId]],
    )
  })
})
