import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { ServiceContext } from '../../src/service/context.ts'
import { deleteObject } from '../../src/service/objects/delete-object.ts'
import { putObject } from '../../src/service/objects/put-object.ts'
import { completeUpload } from '../../src/service/uploads/complete-upload.ts'
import { createUpload } from '../../src/service/uploads/create-upload.ts'
import { abortUpload } from '../../src/service/uploads/abort-upload.ts'
import { uploadPart } from '../../src/service/uploads/upload-part.ts'
import type { MetadataStore } from '../../src/storage/metadata-store.ts'
import { migratePostgresStore, openPostgresMetadataStore } from '../../src/storage/postgres/open.ts'
import { NO_ATTRIBUTES, ObjectWorld, wholeBody } from '../objects/object-world.ts'
import { missingPostgres, startPostgres, type PostgresServer } from './postgres-server.ts'

const PARTS = 10_000
const UPLOADERS = 32
const OTHER_WRITERS = 8

/** Each part is a byte: what is looked at are the 10,000 rows and blob references, not the bytes. */
describe('an upload of 10,000 parts on PostgreSQL', { skip: missingPostgres() ?? false }, () => {
  let server: PostgresServer
  const stores: MetadataStore[] = []
  let world: ObjectWorld
  let others: ServiceContext
  before(async () => {
    server = await startPostgres()
    const url = `${server.url}?schema=parts_${randomBytes(4).toString('hex')}`
    await migratePostgresStore(url)
    for (let count = 0; count < 2; count++) stores.push(await openPostgresMetadataStore(url))
    const [metadata, another] = stores
    assert.ok(metadata && another)
    world = await ObjectWorld.make({}, { metadata, settings: { partSizeBytesMin: 1, inlineBodyBytesMax: 0 } })
    others = { ...world.otherProcess(), metadata: another }
  })
  after(async () => {
    for (const store of stores) await store.close()
    await server.dispose()
  })

  /** Does `work` while another process puts objects, and says how those fared. */
  const whileOthersWrite = async (work: () => Promise<unknown>) => {
    const tally = { isOver: false, puts: 0, longestMs: 0 }
    const writing = Array.from({ length: OTHER_WRITERS }, async (_, writer) => {
      while (!tally.isOver) {
        const startedAt = performance.now()
        const input = { objectKey: `other-${writer}`, body: wholeBody('text'), attributes: NO_ATTRIBUTES }
        await putObject(others, world.admission, input)
        tally.puts++
        tally.longestMs = Math.max(tally.longestMs, performance.now() - startedAt)
      }
    })
    const startedAt = performance.now()
    await work()
    const elapsedMs = performance.now() - startedAt
    tally.isOver = true
    await Promise.all(writing)
    return { puts: tally.puts, longestMs: Math.round(tally.longestMs), elapsedMs: Math.round(elapsedMs) }
  }
  const uploadAll = async (objectKey: string) => {
    const { uploadId } = await createUpload(world.context, world.admission, {
      objectKey,
      attributes: NO_ATTRIBUTES,
    })
    const parts: { partNumber: number; etag: string }[] = []
    let next = 1
    const uploading = Array.from({ length: UPLOADERS }, async () => {
      while (next <= PARTS) {
        const partNumber = next++
        const body = wholeBody('x')
        const { part } = await uploadPart(world.context, world.admission, {
          objectKey,
          uploadId,
          partNumber,
          body,
        })
        parts[partNumber - 1] = { partNumber, etag: part.etag }
      }
    })
    await Promise.all(uploading)
    return { objectKey, uploadId, parts }
  }

  it('is completed, replaced, aborted and deleted while other writers go on', async (t) => {
    const upload = await uploadAll('large')
    const noChecksum = () => assert.fail('no checksum was asked for')
    const steps = {
      alone: () => new Promise((resolve) => setTimeout(resolve, 1_000)),
      complete: () =>
        completeUpload(world.context, world.admission, { ...upload, combineChecksums: noChecksum }),
      replace: () => world.put('large', 'another body'),
    }
    for (const [name, step] of Object.entries(steps)) {
      const seen = await whileOthersWrite(step)
      t.diagnostic(`${name}: ${JSON.stringify(seen)}`)
      assert.ok(seen.puts > OTHER_WRITERS, `${name}: others stood still`)
    }
    const again = await uploadAll('large')
    const aborted = await whileOthersWrite(() => abortUpload(world.context, world.admission, again))
    t.diagnostic(`abort: ${JSON.stringify(aborted)}`)
    await deleteObject(world.context, world.admission, { objectKey: 'large' })
    assert.deepEqual(await world.usage(), { sizeBytes: 4 * OTHER_WRITERS, objects: OTHER_WRITERS })
    await world.assertBlobsAreWhole([world.context, others])
  })
})
