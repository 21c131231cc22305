import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeRecord } from '../../src/base/record.ts'
import { BucketChange } from '../../src/service/commit/bucket-change.ts'
import { storeChange } from '../../src/service/commit/store-change.ts'
import { createServiceContext } from '../../src/service/create-context.ts'
import { isCounterKey, objectsRange, versionsRange } from '../../src/service/keyspace.ts'
import { blobsOfObject } from '../../src/service/bodies/object-blobs.ts'
import { openObject } from '../../src/service/versions/open-object.ts'
import { decodeObject, isEarlierForm } from '../../src/service/records/object-codec.ts'
import { rewriteStore } from '../../src/server/store/rewrite-store.ts'
import { allEntries } from '../../src/server/store/store-content.ts'
import { createStoreIdentity } from '../../src/server/store/store-identity.ts'
import { verifyStore } from '../../src/server/store/verify-store.ts'
import { CHECKED_BLOB_SUFFIX } from '../../src/storage/blob-store.ts'
import { UnreadableRecord } from '../../src/storage/metadata-store.ts'
import { MemoryBlobStore } from '../../src/storage/memory/blob-store.ts'
import { MemoryMetadataStore } from '../../src/storage/memory/metadata-store.ts'
import { CheckedBlobStore } from '../../src/storage/wrap/checked-blob-store.ts'
import { CheckedMetadataStore } from '../../src/storage/wrap/checked-metadata-store.ts'
import { ObjectWorld, readText } from './object-world.ts'

const LARGE = 'more than fits into a record'

/** A store as release 0.1 wrote it, without any checksum, and what this release reads it with. */
async function oldStore() {
  const engines = { metadata: new MemoryMetadataStore(), blobs: new MemoryBlobStore() }
  const world = await ObjectWorld.make({ versioning: 'Enabled' }, engines)
  await createStoreIdentity(engines.metadata, world.context.vault)
  const ledger = await world.context.blobLedger.open()
  const newBlobId = ledger.newBlobId.bind(ledger)
  ledger.newBlobId = () => newBlobId().slice(0, -CHECKED_BLOB_SUFFIX.length)
  await world.put('small', 'body')
  await world.put('large', `${LARGE}, first`)
  await world.put('large', `${LARGE}, second`)
  const metadata = new CheckedMetadataStore(engines.metadata, { place: 'the test', isCounter: isCounterKey })
  const blobs = new CheckedBlobStore(engines.blobs)
  const context = createServiceContext({ ...world.context, metadata, blobs })
  const read = async (objectKey: string) =>
    await readText(await (await openObject(context, world.admission, { objectKey })).read())
  return { engines, metadata, context, world, read }
}

const blobIds = async ({ blobs }: { blobs: MemoryBlobStore }) =>
  (await blobs.list({ limit: 100 })).map(({ id }) => id)

/** The rows of all versions. */
async function versions({ context, admission }: ObjectWorld) {
  const { bucketId } = admission.bucket.record
  const ranges = [objectsRange(bucketId), versionsRange(bucketId)]
  const rows = await Promise.all(ranges.map((range) => context.metadata.scan({ ...range, limit: 100 })))
  return rows.flat()
}

const records = async (world: ObjectWorld) =>
  (await versions(world))
    .map(({ value }) => decodeObject(value))
    .map(({ record, tail }) => [record, tail] as const)

/** Writes the records of all versions as release 0.1 did. */
async function writeEarlierForms(world: ObjectWorld) {
  const change = new BucketChange(world.admission.bucket.record.bucketId)
  for (const { key, value } of await versions(world)) {
    const { record, tail } = decodeObject(value)
    const earlier = encodeRecord(1, record, tail)
    change.sets.push({ key, value: earlier })
    change.countStored(earlier)
    change.countRemoved(value)
  }
  assert.equal(await storeChange(world.context, change), 'ok')
}

describe('rewriteStore', () => {
  it('gives every record and every blob of an old store its checksums, and changes nothing else', async () => {
    const { engines, metadata, context, read } = await oldStore()
    assert.equal(await read('large'), `${LARGE}, second`)
    const done = await rewriteStore(context)
    assert.deepEqual([done.objects, done.blobs, done.damaged, done.isWhole], [2, 2, [], true])
    assert.ok(done.records > 0)
    metadata.requireSums()
    assert.deepEqual([await read('small'), await read('large')], ['body', `${LARGE}, second`])
    await (await context.blobLedger.open()).reclaimAll()
    const { problems } = await verifyStore(context, { readsBodies: true, hasBeenSwept: false })
    assert.deepEqual(problems, [])
    for await (const entry of allEntries(metadata)) assert.equal(entry.isUnchecked, undefined)
    const checked = (await blobIds(engines)).filter((id) => id.endsWith(CHECKED_BLOB_SUFFIX))
    assert.equal(checked.length, 2)
    const again = await rewriteStore(context)
    assert.deepEqual([again.records, again.objects, again.blobs], [0, 0, 0])
  })

  it('gives records of earlier releases the form of this one, and the counters their sums', async () => {
    const world = await ObjectWorld.make({ versioning: 'Enabled' })
    await world.put('a', 'first', {
      attributes: { headers: { expires: 'never' }, userMetadata: { by: 'me' } },
    })
    await world.put('a', 'second')
    await world.put('b', LARGE)
    const read = async () => [await records(world), await world.get('a'), await world.get('b')]
    const before = await read()
    await writeEarlierForms(world)
    assert.deepEqual(await read(), before)
    await world.usage()
    await createStoreIdentity(world.context.metadata, world.context.vault)
    assert.equal((await rewriteStore(world.context)).reformed, 3)
    await world.usage()
    for (const { value } of await versions(world)) assert.equal(isEarlierForm(value), false)
    assert.deepEqual(await read(), before)
    assert.equal((await rewriteStore(world.context)).reformed, 0)
  })

  it('makes no checksum of bytes that are wrong already', async () => {
    const { engines, context, world } = await oldStore()
    const bucketId = world.admission.bucket.record.bucketId
    const entries = await context.metadata.scan({ ...objectsRange(bucketId), limit: 10 })
    const [id = ''] = entries.flatMap(({ value }) => blobsOfObject(decodeObject(value)))
    async function* wrong() {
      yield Buffer.from(`${LARGE}, sEcond`)
    }
    await engines.blobs.put(id, wrong())
    const done = await rewriteStore(context)
    assert.equal(done.objects, 1)
    assert.equal(done.damaged.length, 1)
    assert.match(done.damaged[0] ?? '', /object "large": the bytes have ETag/)
    assert.ok((await blobIds(engines)).includes(id))
  })

  it('does not say that every record has its checksum while some cannot be read', async () => {
    const { metadata, context, world, read } = await oldStore()
    const objects = await metadata.scan({ ...objectsRange(world.admission.bucket.record.bucketId), limit: 9 })
    const hidden = objects.find(({ key }) => key.includes('small'))
    assert.ok(hidden?.isUnchecked)
    const scan = metadata.scan.bind(metadata)
    metadata.scan = async (range) => {
      const entries = await scan(range)
      if (entries.some(({ key }) => key.equals(hidden.key))) throw new UnreadableRecord('row', hidden.key)
      return entries
    }
    assert.equal((await rewriteStore(context)).isWhole, false)
    metadata.scan = scan
    const done = await rewriteStore(context)
    assert.deepEqual([done.records, done.isWhole], [1, true])
    metadata.requireSums()
    assert.equal(await read('small'), 'body')
  })

  it('leaves an object to whoever changes it meanwhile', async () => {
    const { context, world, read } = await oldStore()
    const put = context.blobs.put.bind(context.blobs)
    let isOverwritten = false
    context.blobs.put = async (...args) => {
      if (!isOverwritten) {
        isOverwritten = true
        await world.put('large', 'new')
      }
      return await put(...args)
    }
    await rewriteStore(context)
    assert.equal(await read('large'), 'new')
    const { problems } = await verifyStore(context, { readsBodies: true, hasBeenSwept: false })
    assert.deepEqual(problems, [])
  })
})
