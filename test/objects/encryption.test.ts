import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { isDomainError, type DomainErrorKind } from '../../src/service/errors/domain-error.ts'
import { objectsRange } from '../../src/service/keyspace.ts'
import { copyObject } from '../../src/service/objects/copy-object.ts'
import type { CustomerKey } from '../../src/service/encryption/encryption-request.ts'
import { openObject } from '../../src/service/versions/open-object.ts'
import { completeUpload } from '../../src/service/uploads/complete-upload.ts'
import { createUpload } from '../../src/service/uploads/create-upload.ts'
import { uploadPart } from '../../src/service/uploads/upload-part.ts'
import {
  NO_ATTRIBUTES,
  ObjectWorld,
  digestCopy,
  md5Hex,
  readText,
  streamedBody,
  wholeBody,
} from './object-world.ts'

const SMALL = 'sixteen bytes or'
const LARGE = 'many words that no one may read '.repeat(5000)

function customerKey(): CustomerKey {
  const key = randomBytes(32)
  return { key, keyMd5: createHash('md5').update(key).digest('base64') }
}

async function storedBytes(world: ObjectWorld): Promise<Buffer> {
  const entries = await world.context.metadata.scan({ ...objectsRange('bucket-id'), limit: 100 })
  const blobs = await world.context.blobs.list({ limit: 100 })
  const contents = await Promise.all(
    blobs.map(async ({ id }) => await buffer(await world.context.blobs.get(id))),
  )
  return Buffer.concat([...entries.map(({ value }) => value), ...contents])
}

const isA = (kind: DomainErrorKind) => (error: unknown) => isDomainError(error, kind)

describe('encrypted objects', () => {
  for (const [name, text] of [
    ['small', SMALL],
    ['large', LARGE],
  ] as const) {
    it(`are stored unreadably and read back, whole and by range (SSE-S3, ${name})`, async () => {
      const world = await ObjectWorld.make({ encryption: { algorithm: 'AES256' } })
      const { record } = await world.put('key', text, {
        body: streamedBody([text.slice(0, 5), text.slice(5)]),
      })
      assert.equal(record.encryption?.type, 'SSE-S3')
      assert.equal(record.etag, md5Hex(Buffer.from(text)))
      assert.equal(record.sizeBytes, text.length)
      assert.equal(await world.get('key'), text)
      const open = await openObject(world.context, world.admission, { objectKey: 'key' })
      assert.equal(await readText(await open.read({ start: 3, end: 9 })), text.slice(3, 10))
      assert.ok(!(await storedBytes(world)).includes(text.slice(0, 16)))
    })

    it(`need the customer's key, and no other (SSE-C, ${name})`, async () => {
      const world = await ObjectWorld.make()
      const key = customerKey()
      const attributes = { ...NO_ATTRIBUTES, encryption: { type: 'SSE-C', ...key } } as const
      await world.put('key', text, { attributes })
      assert.equal(await world.get('key', { customerKey: key }), text)
      await assert.rejects(world.get('key'), isA('CustomerKeyMissing'))
      await assert.rejects(world.get('key', { customerKey: customerKey() }), isA('CustomerKeyWrong'))
      const stored = await storedBytes(world)
      assert.ok(!stored.includes(text.slice(0, 16)))
      assert.ok(
        !stored.includes(Buffer.from(key.key)) && !stored.includes(Buffer.from(key.key).toString('base64')),
      )
      await world.put('plain', text)
      await assert.rejects(world.get('plain', { customerKey: key }), isA('CustomerKeyNotNeeded'))
    })
  }

  it('are copied from one encryption to another', async () => {
    const world = await ObjectWorld.make()
    const key = customerKey()
    await world.put('key', LARGE, { attributes: { ...NO_ATTRIBUTES, encryption: { type: 'SSE-C', ...key } } })
    await copyObject(world.context, world.admission, {
      objectKey: 'copy',
      source: { bucket: world.admission.bucket, objectKey: 'key', customerKey: key },
      metadataDirective: 'COPY',
      taggingDirective: 'COPY',
      attributes: { ...NO_ATTRIBUTES, encryption: { type: 'SSE-S3' } },
      digest: digestCopy,
    })
    assert.equal(await world.get('copy'), LARGE)
  })

  it('are made of parts, each with its own key stream', async () => {
    const world = await ObjectWorld.make()
    const key = customerKey()
    const attributes = { ...NO_ATTRIBUTES, encryption: { type: 'SSE-C', ...key } } as const
    const { uploadId } = await createUpload(world.context, world.admission, { objectKey: 'key', attributes })
    const input = { objectKey: 'key', uploadId }
    await assert.rejects(
      uploadPart(world.context, world.admission, { ...input, partNumber: 1, body: wholeBody(LARGE) }),
      isA('CustomerKeyMissing'),
    )
    for (const partNumber of [1, 2])
      await uploadPart(world.context, world.admission, {
        ...input,
        partNumber,
        body: wholeBody(LARGE),
        customerKey: key,
      })
    const etag = md5Hex(Buffer.from(LARGE))
    await completeUpload(world.context, world.admission, {
      ...input,
      parts: [1, 2].map((partNumber) => ({ partNumber, etag })),
      combineChecksums: () => assert.fail('no checksum was asked for'),
    })
    assert.equal(await world.get('key', { customerKey: key }), LARGE + LARGE)
    const open = await openObject(world.context, world.admission, { objectKey: 'key', customerKey: key })
    const middle = { start: LARGE.length - 4, end: LARGE.length + 3 }
    assert.equal(await readText(await open.read(middle)), LARGE.slice(-4) + LARGE.slice(0, 4))
    const contents = await Promise.all(
      (await world.context.blobs.list({ limit: 9 })).map(
        async ({ id }) => await buffer(await world.context.blobs.get(id)),
      ),
    )
    assert.equal(contents.length, 2)
    assert.ok(
      contents[0]?.length === contents[1]?.length && !contents[0]?.equals(contents[1] ?? Buffer.alloc(0)),
    )
  })
})
