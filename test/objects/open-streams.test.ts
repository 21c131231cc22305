import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { isDomainError, type DomainErrorKind } from '../../src/service/errors/domain-error.ts'
import { copyObject } from '../../src/service/objects/copy-object.ts'
import { openObject } from '../../src/service/versions/open-object.ts'
import { createUpload } from '../../src/service/uploads/create-upload.ts'
import { uploadPartCopy } from '../../src/service/uploads/upload-part-copy.ts'
import type { BlobId, BlobStream, ByteRange } from '../../src/storage/blob-store.ts'
import { MemoryBlobStore } from '../../src/storage/memory/blob-store.ts'
import { NO_ATTRIBUTES, ObjectWorld, digestCopy } from './object-world.ts'

const LARGE = 'more than fits into a record'

/** Knows which of the streams that it gave are open still. */
class WatchedBlobStore extends MemoryBlobStore {
  readonly open = new Set<Readable>()

  override async get(id: BlobId, range?: ByteRange): Promise<BlobStream> {
    const stream = await super.get(id, range)
    this.open.add(stream)
    return stream.once('close', () => this.open.delete(stream))
  }
}

async function watchedWorld() {
  const blobs = new WatchedBlobStore()
  const world = await ObjectWorld.make({}, { blobs })
  return { world, blobs, source: { bucket: world.admission.bucket, objectKey: 'source' } }
}

const isA = (kind: DomainErrorKind) => (error: unknown) => isDomainError(error, kind)
const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

describe('streams out of the blob store', () => {
  it('are not left open by a copy that a condition on its target refuses', async () => {
    const { world, blobs, source } = await watchedWorld()
    await world.put('source', LARGE)
    await world.put('target', 'there')
    const copying = copyObject(world.context, world.admission, {
      source,
      objectKey: 'target',
      metadataDirective: 'COPY',
      taggingDirective: 'COPY',
      attributes: NO_ATTRIBUTES,
      digest: digestCopy,
      ifNoneMatch: ['*'],
    })
    await assert.rejects(copying, isA('PreconditionFailed'))
    await nextTurn()
    assert.equal(blobs.open.size, 0)
  })

  it('are not left open by a copied part that its upload refuses', async () => {
    const { world, blobs, source } = await watchedWorld()
    await world.put('source', LARGE)
    const encryption = { type: 'SSE-C', key: randomBytes(32), keyMd5: 'md5' } as const
    const attributes = { ...NO_ATTRIBUTES, encryption }
    const { uploadId } = await createUpload(world.context, world.admission, {
      objectKey: 'target',
      attributes,
    })
    const copying = uploadPartCopy(world.context, world.admission, {
      source,
      objectKey: 'target',
      uploadId,
      partNumber: 1,
      digest: digestCopy,
    })
    await assert.rejects(copying, isA('CustomerKeyMissing'))
    await nextTurn()
    assert.equal(blobs.open.size, 0)
  })

  it('are closed with an encrypted body that is destroyed before anybody read it', async () => {
    const { world, blobs } = await watchedWorld()
    await world.put('key', LARGE, { attributes: { ...NO_ATTRIBUTES, encryption: { type: 'SSE-S3' } } })
    const opened = await openObject(world.context, world.admission, { objectKey: 'key' })
    const body = await opened.read()
    assert.ok(!Buffer.isBuffer(body))
    body.destroy()
    await nextTurn()
    assert.equal(blobs.open.size, 0)
  })
})
