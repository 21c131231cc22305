import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newEngines } from '../../../test/backup/backup-world.ts'
import { NO_ATTRIBUTES, ObjectWorld, wholeBody } from '../../../test/objects/object-world.ts'
import { blobReferenceKey, currentVersionKey, partKey, usageKey } from '../../service/keyspace.ts'
import { createUpload } from '../../service/uploads/create-upload.ts'
import { uploadPart } from '../../service/uploads/upload-part.ts'
import { UnreadableRecord } from '../../storage/metadata-store.ts'
import { bodyOf } from '../../storage/testing/blob-fixtures.ts'
import { listDamage } from './list-damage.ts'
import { verifyStore } from './verify-store.ts'

const LARGE = 'bytes of a blob, of which there are many'

/** Three objects, two of them with blobs, and an upload with a part. */
async function newWorld() {
  const engines = newEngines()
  const world = await ObjectWorld.make({}, engines)
  await world.put('one', LARGE)
  await world.put('small', 'small')
  await world.put('two', `${LARGE}!`)
  const { uploadId } = await createUpload(world.context, world.admission, {
    objectKey: 'up',
    attributes: NO_ATTRIBUTES,
  })
  await uploadPart(world.context, world.admission, {
    ...{ objectKey: 'up', uploadId, partNumber: 1, body: wholeBody(`part ${LARGE}`) },
  })
  const { bucketId } = world.admission.bucket.record
  const blobIdOf = async (name: string): Promise<string> => {
    const stored = await Promise.all(
      (await engines.rawBlobs.list({ limit: 10 })).map(async ({ id }) => {
        const pieces: Buffer[] = []
        for await (const piece of await engines.blobs.get(id)) pieces.push(Buffer.from(piece as Buffer))
        return { id, text: Buffer.concat(pieces).toString() }
      }),
    )
    const text = { one: LARGE, two: `${LARGE}!`, part: `part ${LARGE}` }[name]
    return stored.find((blob) => blob.text === text)?.id ?? ''
  }
  /** By another process, which ends then. */
  const verify = async (options: Partial<Parameters<typeof verifyStore>[1]> = {}) => {
    const context = world.otherProcess()
    try {
      return await verifyStore(context, { readsBodies: true, hasBeenSwept: true, ...options })
    } finally {
      await context.blobLedger.close()
    }
  }
  /** Ends the lease with which the test wrote: nobody else works on the store then. */
  const settle = async () => await world.context.blobLedger.close()
  const damaged = async () => {
    const found: string[] = []
    for await (const { key, reason } of listDamage(world.context)) found.push(`${key}: ${reason}`)
    return found
  }
  return { ...engines, world, uploadId, bucketId, blobIdOf, verify, settle, damaged }
}

const commitTo = (
  { metadata }: { metadata: { commit: (change: object) => Promise<unknown> } },
  change: object,
) => metadata.commit(change)

describe('verifyStore', () => {
  it('finds nothing in a store that is whole, and tells what it read', async () => {
    const { verify, settle } = await newWorld()
    await settle()
    const blobBytes = 3 * LARGE.length + '!part '.length
    const counts = { buckets: 1, versions: 3, parts: 1, blobs: 3, blobBytes }
    assert.deepEqual(await verify(), { ...counts, bodiesRead: 3, problemCount: 0, problems: [] })
    assert.deepEqual(await verify({ readsBodies: false }), {
      ...counts,
      bodiesRead: 0,
      problemCount: 0,
      problems: [],
    })
  })

  it('names what lacks its reference, its bytes or its owner', async () => {
    const world = await newWorld()
    const [one, two, part] = await Promise.all(['one', 'two', 'part'].map(world.blobIdOf))
    assert.ok(one && two && part)
    await world.settle()
    await commitTo(world, { deletes: [blobReferenceKey(one), blobReferenceKey(part)] })
    await world.blobs.delete([two])
    const { problems, problemCount } = await world.verify()
    const where = `bucket ${world.world.admission.bucket.record.name}`
    assert.deepEqual(
      [...problems].sort(),
      [
        `2 references to blobs are shared by several objects or parts`,
        `${where}, object "one", version null: blob ${one} has no reference`,
        `${where}, object "two", version null: blob ${two} does not exist`,
        `${where}, upload ${world.uploadId}, part 1: blob ${part} has no reference`,
        `blob ${one} is an orphan: nothing refers to it and its writer is gone`,
        `blob ${part} is an orphan: nothing refers to it and its writer is gone`,
        `blob ${two} is referred to and does not exist`,
      ].sort(),
    )
    assert.equal(problemCount, 7)
    assert.equal((await world.verify({ hasBeenSwept: false })).problemCount, 5)
    assert.deepEqual(await world.damaged(), [`two: blob ${two} does not exist`])
  })

  it('takes for no orphan what a living writer may claim, and counts no references while others write', async () => {
    const world = await newWorld()
    const ledger = await world.world.context.blobLedger.open()
    await world.blobs.put(ledger.newBlobId(), bodyOf(Buffer.from('in the making')))
    await commitTo(world, { sets: [{ key: blobReferenceKey('0-of-nothing.c'), value: Buffer.alloc(0) }] })
    await world.blobs.put('0-of-nothing.c', bodyOf(Buffer.from('x')))
    assert.deepEqual((await world.verify()).problems, [])
    await world.settle()
    await commitTo(world, { sets: [{ key: blobReferenceKey('0-of-nothing.c'), value: Buffer.alloc(0) }] })
    assert.deepEqual(
      (await world.verify()).problems.filter((problem) => !problem.includes('orphan')),
      ['1 references to blobs belong to no object and no part'],
    )
    assert.deepEqual((await world.verify({ hasBeenSwept: false })).problems, [])
  })

  it('tells other bytes from those of the ETag, writes them down, and strikes off what is whole again', async () => {
    const world = await newWorld()
    const one = await world.blobIdOf('one')
    await world.settle()
    await world.blobs.delete([one])
    await world.blobs.put(one, bodyOf(Buffer.from(LARGE.toUpperCase())))
    const { problems } = await world.verify()
    assert.equal(problems.length, 1)
    assert.match(
      problems[0] ?? '',
      /object "one", version null: the bytes have ETag [0-9a-f]{32}, the record says [0-9a-f]{32}$/,
    )
    assert.equal((await world.damaged()).length, 1)
    assert.deepEqual((await world.verify({ readsBodies: false })).problems, [])
    assert.equal((await world.damaged()).length, 1, 'what was not read is not struck off')
    await world.blobs.delete([one])
    await world.blobs.put(one, bodyOf(Buffer.from(LARGE)))
    assert.deepEqual((await world.verify()).problems, [])
    assert.deepEqual(await world.damaged(), [])
  })

  it('goes on behind damaged records, and names those of versions and all others', async () => {
    const world = await newWorld()
    await world.settle()
    world.rawMetadata.spoil(currentVersionKey(world.bucketId, 'small'))
    world.rawMetadata.spoil(partKey(world.uploadId, 1))
    const { problems, versions, parts } = await world.verify()
    assert.deepEqual([versions, parts], [2, 0])
    assert.ok(
      problems.some((problem) => problem.startsWith('record P')),
      problems.join('\n'),
    )
    assert.ok(
      problems.some((problem) => problem.endsWith(': 2 records are damaged')),
      problems.join('\n'),
    )
    assert.equal((await world.damaged()).length, 1)
  })

  it('tells counters that do not fit', async () => {
    const world = await newWorld()
    await world.settle()
    await commitTo(world, { adds: [{ key: usageKey(world.bucketId, '0'), amounts: [5, 1] }] })
    const { problems } = await world.verify()
    assert.equal(problems.length, 1)
    assert.match(problems[0] ?? '', /^bucket \S+: its counters do not fit themselves/)
  })

  it('ends with a part of the metadata that the disk cannot read only what needs it', async () => {
    const world = await newWorld()
    await world.settle()
    const { metadata } = world
    const getMany = metadata.getMany.bind(metadata)
    const one = blobReferenceKey(await world.blobIdOf('one'))
    metadata.getMany = async (keys) => {
      if (keys.some((key) => Buffer.from(key).equals(one))) throw new UnreadableRecord('row', one)
      return await getMany(keys)
    }
    const { problems, versions } = await world.verify()
    assert.equal(versions, 3)
    assert.equal(problems.length, 1)
    assert.match(problems[0] ?? '', /^bucket \S+: /)
  })
})
