import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ServiceContext } from '../../src/service/context.ts'
import { DomainError, isDomainError, type DomainErrorKind } from '../../src/service/errors/domain-error.ts'
import { bucketKey, credentialKey } from '../../src/service/keyspace.ts'
import { deleteObject } from '../../src/service/objects/delete-object.ts'
import { listObjectVersions } from '../../src/service/objects/list-object-versions.ts'
import { putObject } from '../../src/service/objects/put-object.ts'
import type { WrittenVersion } from '../../src/service/versions/written-version.ts'
import { abortUpload } from '../../src/service/uploads/abort-upload.ts'
import { completeUpload } from '../../src/service/uploads/complete-upload.ts'
import { createUpload } from '../../src/service/uploads/create-upload.ts'
import { listUploads } from '../../src/service/uploads/list-uploads.ts'
import { uploadPart } from '../../src/service/uploads/upload-part.ts'
import { MemoryMetadataStore } from '../../src/storage/memory/metadata-store.ts'
import {
  NO_ATTRIBUTES,
  ObjectWorld,
  interleaving,
  md5Hex,
  seededRandom,
  streamedBody,
  testSeed,
  wholeBody,
} from './object-world.ts'

const KEY = 'the/key'
const LONG = 'a text that is long enough for a blob'

async function interleavingWorld(bucket: Parameters<typeof ObjectWorld.make>[0], random: () => number) {
  const metadata = interleaving(new MemoryMetadataStore(), random)
  return await ObjectWorld.make(bucket, { metadata })
}

describe('concurrent writers of one key', () => {
  // With the last seed a null delete marker came between two reads of a put, and stayed beside the new null version.
  const cases = [['NeverEnabled'], ['Enabled'], ['Suspended'], ['Suspended', 933_177_563]] as const
  for (const [versioning, seed = testSeed()] of cases) {
    it(`of several processes lose no write and count exactly (versioning ${versioning}, seed ${seed})`, async (t) => {
      t.diagnostic(`LUGSAIL_TEST_SEED=${seed}`)
      const random = seededRandom(seed)
      const world = await interleavingWorld({ versioning }, random)
      const processes = [world.context, world.otherProcess(), world.otherProcess()]
      const written: WrittenVersion[] = []
      const markerIds: string[] = []
      const removedIds: string[] = []
      const act = async (context: ServiceContext, actor: number) => {
        for (let step = 0; step < 12; step++) {
          const text = random() < 0.5 ? `${actor} ${step}` : `${LONG} ${actor} ${step}`
          const dice = random()
          if (dice < 0.6) {
            const body = wholeBody(text)
            written.push(
              await putObject(context, world.admission, { objectKey: KEY, body, attributes: NO_ATTRIBUTES }),
            )
          } else if (dice < 0.8) {
            const { versionId, isDeleteMarker } = await deleteObject(context, world.admission, {
              objectKey: KEY,
            })
            if (isDeleteMarker && versionId !== undefined) markerIds.push(versionId)
          } else {
            const versionId = written[Math.floor(random() * written.length)]?.record.versionId
            if (versionId === undefined) continue
            await deleteObject(context, world.admission, { objectKey: KEY, versionId })
            removedIds.push(versionId)
          }
        }
      }
      await Promise.all(Array.from({ length: 9 }, (_, actor) => act(pick(processes, actor), actor)))

      const { versions } = await listObjectVersions(world.context, world.admission, { maxKeys: 1000 })
      if (versioning === 'Enabled') {
        const expected = [...written.map(({ record }) => record.versionId), ...markerIds]
        const left = expected.filter((id) => !removedIds.includes(id))
        assert.deepEqual(versions.map(({ record }) => record.versionId).sort(), left.sort())
      } else {
        assert.ok(versions.length <= 1)
      }
      const orders = versions.map(({ record }) => record.order)
      assert.deepEqual(orders, [...new Set(orders)].sort().reverse())
      assert.deepEqual(
        versions.map(({ isLatest }) => isLatest),
        versions.map((_, at) => at === 0),
      )
      const [newest] = versions
      if (newest && !newest.record.isDeleteMarker) assert.ok((await world.get(KEY)).length > 0)
      else await assert.rejects(world.get(KEY), isA(newest ? 'VersionIsDeleteMarker' : 'NoSuchKey'))
      assert.deepEqual(await world.usage(), {
        sizeBytes: versions.reduce((sum, { record }) => sum + record.sizeBytes, 0),
        objects: versions.length,
      })
      await world.assertBlobsAreWhole(processes)
    })
  }

  it('let exactly one of many creators with If-None-Match win', async () => {
    const world = await interleavingWorld({}, seededRandom(testSeed()))
    const processes = [world.context, world.otherProcess(), world.otherProcess()]
    const outcomes = await Promise.allSettled(
      Array.from({ length: 24 }, (_, actor) =>
        putObject(pick(processes, actor), world.admission, {
          objectKey: KEY,
          body: streamedBody([LONG]),
          attributes: NO_ATTRIBUTES,
          ifNoneMatch: ['*'],
        }),
      ),
    )
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') assert.ok(isA('PreconditionFailed')(outcome.reason))
    await world.assertBlobsAreWhole(processes)
  })
  for (const versioning of ['NeverEnabled', 'Enabled', 'Suspended'] as const)
    it(`who come at once, with conditions and without, each see the one before (versioning ${versioning})`, async (t) => {
      const seed = testSeed()
      t.diagnostic(`LUGSAIL_TEST_SEED=${seed}`)
      const random = seededRandom(seed)
      for (let round = 0; round < 8; round++) {
        const world = await interleavingWorld({ versioning }, random)
        const processes = [world.context, ...(round % 2 === 0 ? [] : [world.otherProcess()])]
        const outcomes = await Promise.all(
          Array.from({ length: 32 }, (_, writer) =>
            writeOnce(world, pick(processes, writer), { writer, random }),
          ),
        )
        assert.ok(outcomes.includes('put'))
        // Who finds nothing puts, and every other creator is refused until somebody deletes.
        const { versions } = await listObjectVersions(world.context, world.admission, { maxKeys: 1000 })
        if (versioning === 'NeverEnabled') assert.ok(versions.length <= 1)
        if (versioning === 'Enabled') {
          const kept = outcomes.filter((outcome) => outcome !== 'refused').length
          assert.equal(versions.length, kept)
        }
        assert.deepEqual(await world.usage(), {
          sizeBytes: versions.reduce((sum, { record }) => sum + record.sizeBytes, 0),
          objects: versions.length,
        })
        await world.assertBlobsAreWhole(processes)
      }
    })

  it('count up one by one when each replaces what it read, and those who come at once commit at once', async () => {
    const metadata = new MemoryMetadataStore()
    let commits = 0
    const commit = metadata.commit.bind(metadata)
    metadata.commit = async (change) => {
      commits++
      await new Promise((resolve) => setImmediate(resolve))
      return await commit(change)
    }
    const world = await ObjectWorld.make({}, { metadata })
    const [first, ...others] = Array.from({ length: 32 }, (_, writer) => world.put(KEY, `${LONG} ${writer}`))
    commits = 0
    await Promise.all([first, ...others])
    assert.ok(commits < 8, `${commits} commits`)
    assert.equal(await world.get(KEY), `${LONG} 31`)
    await world.assertBlobsAreWhole()
  })
})

/** One of 32 writes: a put, a put of what does not exist, a deletion. */
async function writeOnce(
  world: ObjectWorld,
  context: ServiceContext,
  { writer, random }: { readonly writer: number; readonly random: () => number },
): Promise<'put' | 'deleted' | 'refused'> {
  const dice = random()
  if (dice < 0.2) {
    await deleteObject(context, world.admission, { objectKey: KEY })
    return 'deleted'
  }
  try {
    await putObject(context, world.admission, {
      objectKey: KEY,
      body: wholeBody(writer % 2 === 0 ? `${writer}` : `${LONG} ${writer}`),
      attributes: NO_ATTRIBUTES,
      ...(dice < 0.5 && { ifNoneMatch: ['*'] }),
    })
    return 'put'
  } catch (error) {
    assert.ok(isA('PreconditionFailed')(error), String(error))
    return 'refused'
  }
}

describe('a write under way', () => {
  it('is refused when its access key is deleted meanwhile, and leaves nothing', async () => {
    const world = await ObjectWorld.make()
    const { metadata } = world.context
    const key = credentialKey('AKIAONE')
    await metadata.commit({ sets: [{ key, value: Buffer.from('credential') }] })
    const [entry] = await metadata.getMany([key])
    assert.ok(entry)
    const admission = { ...world.admission, credential: { key, version: entry.version } }
    const body = streamedBody([LONG])
    const input = { objectKey: KEY, attributes: NO_ATTRIBUTES }
    const finish = async () => {
      await metadata.commit({ deletes: [key] })
      return await body.finish()
    }
    await assert.rejects(
      putObject(world.context, admission, { ...input, body: { ...body, finish } }),
      isA('AccessKeyStopped'),
    )
    await assert.rejects(world.get(KEY), isA('NoSuchKey'))
    await world.assertBlobsAreWhole()
  })

  it('is refused when its bucket goes, and decided anew when the bucket changes', async () => {
    const world = await ObjectWorld.make()
    const before = world.admission
    const input = { objectKey: KEY, attributes: NO_ATTRIBUTES, body: wholeBody('text') }
    await world.changeBucket({ versioning: 'Enabled' })
    const { versionId } = await putObject(world.context, before, input)
    assert.ok(versionId !== undefined, 'the version is kept as the changed bucket has it')
    const reauthorize = () => {
      throw new DomainError('AccessDenied')
    }
    await assert.rejects(putObject(world.context, { ...before, reauthorize }, input), isA('AccessDenied'))
    await world.context.metadata.commit({ deletes: [bucketKey(before.bucket.record.name)] })
    await assert.rejects(putObject(world.context, before, input), isA('NoSuchBucket'))
  })
})

describe('concurrent parts, completions and aborts of one upload', () => {
  it('leave the object whole or nothing, and account for each part once', async (t) => {
    const seed = testSeed()
    t.diagnostic(`LUGSAIL_TEST_SEED=${seed}`)
    const random = seededRandom(seed)
    for (let round = 0; round < 15; round++) {
      const world = await interleavingWorld({}, random)
      const processes = [world.context, world.otherProcess()]
      const { uploadId } = await createUpload(world.context, world.admission, {
        objectKey: KEY,
        attributes: NO_ATTRIBUTES,
      })
      const address = { objectKey: KEY, uploadId }
      const texts = [1, 2, 3].map((partNumber) => `part ${partNumber} with enough bytes`)
      const upload = (context: ServiceContext, partNumber: number, text: string) =>
        uploadPart(context, world.admission, { ...address, partNumber, body: wholeBody(text) })
      for (const [at, text] of texts.entries()) await upload(world.context, at + 1, text)
      const parts = texts.map((text, at) => ({ partNumber: at + 1, etag: md5Hex(Buffer.from(text)) }))
      const complete = (context: ServiceContext) =>
        completeUpload(context, world.admission, {
          ...address,
          parts,
          combineChecksums: () => assert.fail('no checksum was asked for'),
        })
      const outcomes = await Promise.allSettled([
        ...processes.map(complete),
        ...processes.map((context) => upload(context, 4, 'a part that nobody lists')),
        upload(world.context, 2, texts[1] ?? ''),
        ...(round % 3 === 0 ? [abortUpload(pick(processes, 1), world.admission, address)] : []),
      ])
      for (const outcome of outcomes)
        if (outcome.status === 'rejected')
          assert.ok(isA('NoSuchUpload')(outcome.reason), String(outcome.reason))
      assert.deepEqual((await listUploads(world.context, world.admission, { maxUploads: 10 })).uploads, [])
      const isComplete = outcomes[0]?.status === 'fulfilled' || outcomes[1]?.status === 'fulfilled'
      const text = texts.join('')
      if (isComplete) assert.equal(await world.get(KEY), text)
      else await assert.rejects(world.get(KEY), isA('NoSuchKey'))
      assert.deepEqual(
        await world.usage(),
        isComplete ? { sizeBytes: text.length, objects: 1 } : { sizeBytes: 0, objects: 0 },
      )
      await world.assertBlobsAreWhole(processes)
    }
  })
})

function pick<T>(from: readonly T[], at: number): T {
  const picked = from[at % from.length]
  assert.ok(picked !== undefined)
  return picked
}

const isA = (kind: DomainErrorKind) => (error: unknown) => isDomainError(error, kind)
