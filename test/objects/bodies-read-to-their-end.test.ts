import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ServiceContext } from '../../src/service/context.ts'
import { objectsRange } from '../../src/service/keyspace.ts'
import { copyObject } from '../../src/service/objects/copy-object.ts'
import { deleteObject } from '../../src/service/objects/delete-object.ts'
import type { ObjectAttributes } from '../../src/service/versions/object-attributes.ts'
import { openObject } from '../../src/service/versions/open-object.ts'
import { completeUpload } from '../../src/service/uploads/complete-upload.ts'
import { createUpload } from '../../src/service/uploads/create-upload.ts'
import { uploadPart } from '../../src/service/uploads/upload-part.ts'
import type { BlobId, ByteRange } from '../../src/storage/blob-store.ts'
import { MemoryBlobStore } from '../../src/storage/memory/blob-store.ts'
import { NO_ATTRIBUTES, ObjectWorld, digestCopy, readText, wholeBody } from './object-world.ts'

const PARTS = ['the first part, ', 'the second part, ', 'the third part']
const TEXT = PARTS.join('')
const MINUTE_MS = 60_000

/** Stores {@link TEXT} in three blobs. */
async function putParts(world: ObjectWorld, objectKey: string, attributes: ObjectAttributes): Promise<void> {
  const { context, admission } = world
  const { uploadId } = await createUpload(context, admission, { objectKey, attributes })
  const parts = []
  for (const [index, text] of PARTS.entries()) {
    const partNumber = index + 1
    const { part } = await uploadPart(context, admission, {
      objectKey,
      uploadId,
      partNumber,
      body: wholeBody(text),
    })
    parts.push({ partNumber, etag: part.etag })
  }
  await completeUpload(context, admission, {
    objectKey,
    uploadId,
    parts,
    combineChecksums: () => assert.fail('no checksum was asked for'),
  })
}

/** Does the background work of some processes for so many minutes. */
async function pass(world: ObjectWorld, contexts: readonly ServiceContext[], minutes: number): Promise<void> {
  const ledgers = await Promise.all(contexts.map(({ blobLedger }) => blobLedger.open()))
  for (let minute = 0; minute < minutes; minute++) {
    world.clock.advance(MINUTE_MS)
    for (const ledger of ledgers) await ledger.renew()
    for (const ledger of ledgers) await ledger.reclaimDue()
    for (const ledger of ledgers) await ledger.answerQuestions()
    for (const ledger of ledgers) await ledger.sweep()
    for (const ledger of ledgers) await ledger.answerQuestions()
    for (const ledger of ledgers) await ledger.reclaimDue()
  }
}

const ENCRYPTED: ObjectAttributes = { ...NO_ATTRIBUTES, encryption: { type: 'SSE-S3' } }

describe('a body that began', () => {
  for (const [name, attributes] of [
    ['plain', NO_ATTRIBUTES],
    ['encrypted', ENCRYPTED],
  ] as const) {
    it(`is read to its end, ${name}, of one blob and of several, in whole and in part, while its object is deleted elsewhere`, async () => {
      const world = await ObjectWorld.make()
      await world.put('blob', TEXT, { attributes })
      await putParts(world, 'parts', attributes)
      const [reader, other] = [world.otherProcess(), world.otherProcess()]
      const ranges = [undefined, { start: 3, end: TEXT.length - 3 }, { start: 20, end: 20 }]
      const bodies = []
      for (const objectKey of ['blob', 'parts'])
        for (const range of ranges)
          bodies.push({
            range,
            body: await (await openObject(reader, world.admission, { objectKey })).read(range),
          })
      for (const objectKey of ['blob', 'parts']) await deleteObject(other, world.admission, { objectKey })
      await pass(world, [reader, other, world.context], 75)
      for (const { range, body } of bodies)
        assert.equal(await readText(body), range ? TEXT.slice(range.start, range.end + 1) : TEXT)
      await pass(world, [reader, other, world.context], 3)
      assert.deepEqual(await world.context.blobs.list({ limit: 10 }), [])
    })
  }

  it('keeps nothing once it was destroyed, read or not', async () => {
    const world = await ObjectWorld.make()
    await putParts(world, 'key', NO_ATTRIBUTES)
    const { context, admission } = world
    const unread = await (await openObject(context, admission, { objectKey: 'key' })).read()
    const begun = await (await openObject(context, admission, { objectKey: 'key' })).read()
    assert.ok(!Buffer.isBuffer(unread) && !Buffer.isBuffer(begun))
    for await (const piece of begun) {
      assert.ok(piece)
      break
    }
    unread.destroy()
    // The stores in memory never let go of the turn in which streams close.
    await new Promise((resolve) => setImmediate(resolve))
    await deleteObject(context, admission, { objectKey: 'key' })
    await pass(world, [context], 2)
    assert.deepEqual(await context.blobs.list({ limit: 10 }), [])
  })
})

describe('an object that was looked up, and whose bytes went before the first was asked for', () => {
  it('is refused as busy, so that the client asks again', async () => {
    const world = await ObjectWorld.make()
    await world.put('key', TEXT)
    const { context, admission } = world
    const open = await openObject(context, admission, { objectKey: 'key' })
    await deleteObject(context, admission, { objectKey: 'key' })
    await pass(world, [context], 2)
    await assert.rejects(open.read(), { kind: 'RecordBusy' })
  })
})

/** Does something when the blob that is the second one to be opened is opened. */
class InterruptedBlobStore extends MemoryBlobStore {
  onSecond: (id: BlobId) => Promise<void> = async () => undefined
  #count = 0

  override async get(id: BlobId, range?: ByteRange) {
    if (++this.#count === 2) await this.onSecond(id)
    return await super.get(id, range)
  }
}

describe('a copy whose source goes away while it is read', () => {
  async function setUp() {
    const blobs = new InterruptedBlobStore()
    const world = await ObjectWorld.make({}, { blobs })
    await putParts(world, 'source', NO_ATTRIBUTES)
    const copy = () =>
      copyObject(world.context, world.admission, {
        source: { bucket: world.admission.bucket, objectKey: 'source' },
        objectKey: 'target',
        metadataDirective: 'COPY',
        taggingDirective: 'COPY',
        attributes: NO_ATTRIBUTES,
        digest: digestCopy,
      })
    return { world, blobs, copy }
  }

  it('is whole', async () => {
    const { world, blobs, copy } = await setUp()
    const other = world.otherProcess()
    blobs.onSecond = async () => {
      await deleteObject(other, world.admission, { objectKey: 'source' })
      await pass(world, [other, world.context], 5)
    }
    await copy()
    assert.equal(await world.get('target'), TEXT)
  })

  it('fails and stores nothing when bytes are lost all the same', async () => {
    const { world, blobs, copy } = await setUp()
    blobs.onSecond = (id) => blobs.delete([id])
    await assert.rejects(copy(), /does not exist/)
    const { bucketId } = world.admission.bucket.record
    const entries = await world.context.metadata.scan({ ...objectsRange(bucketId), limit: 10 })
    assert.deepEqual(
      entries.map(({ key }) => key.toString().slice(-6)),
      ['source'],
    )
  })
})
