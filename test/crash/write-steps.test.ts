import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sweepStore } from '../../src/server/store/sweep-store.ts'
import { verifyStore } from '../../src/server/store/verify-store.ts'
import { deleteBucket } from '../../src/service/buckets/delete-bucket.ts'
import type { ServiceContext } from '../../src/service/context.ts'
import { isDomainError } from '../../src/service/errors/domain-error.ts'
import { bucketKey } from '../../src/service/keyspace.ts'
import { copyObject } from '../../src/service/objects/copy-object.ts'
import { deleteObject } from '../../src/service/objects/delete-object.ts'
import { openObject } from '../../src/service/versions/open-object.ts'
import type { BucketRecord } from '../../src/service/records/bucket.ts'
import { abortUpload } from '../../src/service/uploads/abort-upload.ts'
import { completeUpload } from '../../src/service/uploads/complete-upload.ts'
import { createUpload } from '../../src/service/uploads/create-upload.ts'
import { uploadPart } from '../../src/service/uploads/upload-part.ts'
import { MemoryBlobStore } from '../../src/storage/memory/blob-store.ts'
import { MemoryMetadataStore } from '../../src/storage/memory/metadata-store.ts'
import {
  digestCopy,
  NO_ATTRIBUTES,
  ObjectWorld,
  readText,
  streamedBody,
  wholeBody,
} from '../objects/object-world.ts'

class Crash extends Error {}

/** Counts the calls that change a store; the process "dies" before or after the chosen one, and does nothing any more. */
class Fuse {
  readonly #stopAt: number
  readonly #when: 'before' | 'after'
  #calls = 0

  constructor(stopAt: number, when: 'before' | 'after') {
    this.#stopAt = stopAt
    this.#when = when
  }

  async step<T>(run: () => Promise<T>): Promise<T> {
    const call = ++this.#calls
    if (call > this.#stopAt || (call === this.#stopAt && this.#when === 'before')) throw new Crash()
    const result = await run()
    if (call === this.#stopAt) throw new Crash()
    return result
  }
}

const NEVER = new Fuse(Infinity, 'after')

class FusedMetadataStore extends MemoryMetadataStore {
  fuse = NEVER
  override commit(change: Parameters<MemoryMetadataStore['commit']>[0]) {
    return this.fuse.step(() => super.commit(change))
  }
}

class FusedBlobStore extends MemoryBlobStore {
  fuse = NEVER
  override put(...args: Parameters<MemoryBlobStore['put']>) {
    return this.fuse.step(() => super.put(...args))
  }
  override delete(...args: Parameters<MemoryBlobStore['delete']>) {
    return this.fuse.step(() => super.delete(...args))
  }
}

const GONE = 'nothing'
const KEY = 'key'
const OLD = 'the old object, large enough for a blob of its own'
const NEW = 'the new object, large enough for a blob of its own as well'
const PARTS = ['the first part of an upload, ', 'its second part'] as const
const ADDRESS = { objectKey: KEY }

interface Write {
  readonly title: string
  readonly bucket?: Partial<BucketRecord>
  /** Makes what the write needs, besides the old object; what it gives is passed to `run`. */
  readonly prepare?: (world: ObjectWorld) => Promise<string>
  readonly run: (world: ObjectWorld, prepared: string) => Promise<unknown>
  /** What a reader gets when the write has happened. */
  readonly after: string
}

const beginUpload = async ({ context, admission }: ObjectWorld): Promise<string> => {
  const { uploadId } = await createUpload(context, admission, { objectKey: KEY, attributes: NO_ATTRIBUTES })
  for (const [index, text] of [...PARTS, 'a part that no object takes'].entries())
    await uploadPart(context, admission, {
      ...ADDRESS,
      uploadId,
      partNumber: index + 1,
      body: wholeBody(text),
    })
  return uploadId
}

const complete = async ({ context, admission }: ObjectWorld, uploadId: string) =>
  await completeUpload(context, admission, {
    ...ADDRESS,
    uploadId,
    parts: PARTS.map((text, index) => ({ partNumber: index + 1, etag: wholeBody(text).finish() })).map(
      ({ partNumber, etag }) => ({ partNumber, etag: 'md5Hex' in etag ? etag.md5Hex : '' }),
    ),
    combineChecksums: () => assert.fail('there are no checksums'),
  })

const WRITES: readonly Write[] = [
  {
    title: 'replacing a large object by a large one',
    run: (world) => world.put(KEY, NEW, { body: streamedBody([NEW.slice(0, 20), NEW.slice(20)]) }),
    after: NEW,
  },
  {
    title: 'replacing a large object by a small one',
    run: (world) => world.put(KEY, 'small'),
    after: 'small',
  },
  {
    title: 'copying a large object over a large one',
    prepare: async (world) => {
      await world.put('source', NEW)
      return ''
    },
    run: ({ context, admission }) =>
      copyObject(context, admission, {
        ...ADDRESS,
        source: { bucket: admission.bucket, objectKey: 'source' },
        metadataDirective: 'COPY',
        taggingDirective: 'COPY',
        attributes: NO_ATTRIBUTES,
        digest: digestCopy,
      }),
    after: NEW,
  },
  {
    title: 'deleting a large object',
    run: ({ context, admission }) => deleteObject(context, admission, ADDRESS),
    after: GONE,
  },
  {
    title: 'putting a version on top of another',
    bucket: { versioning: 'Enabled' },
    run: (world) => world.put(KEY, NEW),
    after: NEW,
  },
  {
    title: 'putting a delete marker on top of a version',
    bucket: { versioning: 'Enabled' },
    run: ({ context, admission }) => deleteObject(context, admission, ADDRESS),
    after: GONE,
  },
  {
    title: 'removing the newest of two versions',
    bucket: { versioning: 'Enabled' },
    prepare: async (world) => {
      const { versionId = '' } = await world.put(KEY, OLD)
      return versionId
    },
    run: ({ context, admission }, versionId) => deleteObject(context, admission, { ...ADDRESS, versionId }),
    after: OLD,
  },
  { title: 'completing an upload', prepare: beginUpload, run: complete, after: PARTS.join('') },
  {
    title: 'aborting an upload',
    prepare: beginUpload,
    run: ({ context, admission }, uploadId) => abortUpload(context, admission, { ...ADDRESS, uploadId }),
    after: OLD,
  },
  {
    title: 'deleting a bucket with all that is in it',
    prepare: beginUpload,
    run: async (world) => {
      const { accountId, name, region } = world.admission.bucket.record
      await deleteBucket(world.context, { accountId, region }, name, true)
      await sweepStore(world.context, { serversAreStopped: false })
    },
    after: GONE,
  },
]

const STEPS_MAX = 30

describe('a crash between any two steps of a write', () => {
  for (const write of WRITES) {
    it(`leaves the old or the new state when ${write.title}, and after a sweep nothing else`, async () => {
      const seen = new Set<string>()
      let isFinished = false
      for (let stopAt = 1; !isFinished; stopAt++) {
        assert.ok(stopAt <= STEPS_MAX, 'the write does not end')
        for (const when of ['before', 'after'] as const) {
          const where = `stopped ${when} step ${stopAt}`
          const [metadata, blobs] = [new FusedMetadataStore(), new FusedBlobStore()]
          const world = await ObjectWorld.make(write.bucket, { metadata, blobs })
          await world.put(KEY, OLD)
          const prepared = (await write.prepare?.(world)) ?? ''
          metadata.fuse = blobs.fuse = new Fuse(stopAt, when)
          isFinished = await finishes(async () => {
            await write.run(world, prepared)
            await world.context.blobLedger.close()
          })
          metadata.fuse = blobs.fuse = NEVER
          // What the process had in memory is gone; another one looks.
          const survivor = world.otherProcess()
          assert.deepEqual(await problemsOf(survivor, false), [], where)
          const text = await textOf(survivor, world)
          assert.ok([OLD, write.after].includes(text), `${text}, ${where}`)
          seen.add(text)
          await sweepStore(survivor, { serversAreStopped: true })
          assert.deepEqual(await problemsOf(survivor, true), [], where)
          assert.equal(await textOf(survivor, world), text, where)
        }
      }
      assert.deepEqual(seen, new Set([OLD, write.after]))
    })
  }
})

/** Whether the process came to the end without crashing. */
async function finishes(run: () => Promise<void>): Promise<boolean> {
  try {
    await run()
    return true
  } catch (error) {
    if (!(error instanceof Crash)) throw error
    return false
  }
}

async function problemsOf(context: ServiceContext, hasBeenSwept: boolean): Promise<readonly string[]> {
  return (await verifyStore(context, { readsBodies: true, hasBeenSwept })).problems
}

/** What a reader gets. */
async function textOf(context: ServiceContext, { admission }: ObjectWorld): Promise<string> {
  const [bucket] = await context.metadata.getMany([bucketKey(admission.bucket.record.name)])
  if (!bucket) return GONE
  try {
    return await readText(await (await openObject(context, admission, ADDRESS)).read())
  } catch (error) {
    if (!isDomainError(error)) throw error
    return GONE
  }
}
