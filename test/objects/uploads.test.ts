import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { isDomainError, type DomainErrorKind } from '../../src/service/errors/domain-error.ts'
import { deleteObject } from '../../src/service/objects/delete-object.ts'
import { openObject } from '../../src/service/versions/open-object.ts'
import { abortUpload } from '../../src/service/uploads/abort-upload.ts'
import { completeUpload } from '../../src/service/uploads/complete-upload.ts'
import type { CompleteUploadInput } from '../../src/service/uploads/complete-upload.ts'
import { createUpload } from '../../src/service/uploads/create-upload.ts'
import type { CreateUploadInput } from '../../src/service/uploads/create-upload.ts'
import { listParts } from '../../src/service/uploads/list-parts.ts'
import { listUploads } from '../../src/service/uploads/list-uploads.ts'
import { uploadPart } from '../../src/service/uploads/upload-part.ts'
import { uploadPartCopy } from '../../src/service/uploads/upload-part-copy.ts'
import { encodePartLayout } from '../../src/service/records/object.ts'
import { VALUE_BYTES_MAX } from '../../src/storage/metadata-store.ts'
import { NO_ATTRIBUTES, ObjectWorld, digestCopy, md5Hex, readText, wholeBody } from './object-world.ts'

const KEY = 'the/key'
const isA = (kind: DomainErrorKind) => (error: unknown) => isDomainError(error, kind)
const etagOf = (text: string) => md5Hex(Buffer.from(text))

async function begin(world: ObjectWorld, input: Partial<CreateUploadInput> = {}) {
  const { uploadId, key: objectKey } = await createUpload(world.context, world.admission, {
    objectKey: KEY,
    attributes: NO_ATTRIBUTES,
    ...input,
  })
  const address = { objectKey, uploadId }
  return {
    address,
    part: (partNumber: number, text: string, value?: string) => {
      const body = wholeBody(text)
      const checksum = { algorithm: 'SHA256', type: 'FULL_OBJECT', value: value ?? '' } as const
      const finish = async () => ({ ...(await body.finish()), ...(value !== undefined && { checksum }) })
      return uploadPart(world.context, world.admission, { ...address, partNumber, body: { ...body, finish } })
    },
    complete: (parts: CompleteUploadInput['parts'], more: Partial<CompleteUploadInput> = {}) =>
      completeUpload(world.context, world.admission, {
        ...address,
        parts,
        combineChecksums: ({ algorithm, type }, values) => ({
          algorithm,
          type,
          value: values.map(({ value }) => value).join('+'),
        }),
        ...more,
      }),
  }
}

describe('a completed upload', () => {
  it('is one object of its parts, with the ETag made of theirs, and its metadata', async () => {
    const world = await ObjectWorld.make()
    const upload = await begin(world, {
      attributes: { headers: { 'content-type': 'text/x' }, userMetadata: { a: 'b' } },
    })
    const texts = ['the first part.', 'the second part.', 'end']
    for (const [at, text] of texts.entries()) await upload.part(at + 1, text)
    const { record } = await upload.complete(
      texts.map((text, at) => ({ partNumber: at + 1, etag: etagOf(text) })),
    )
    const hash = createHash('md5')
    for (const text of texts) hash.update(createHash('md5').update(text).digest())
    assert.equal(record.etag, `${hash.digest('hex')}-3`)
    assert.deepEqual([record.headers, record.userMetadata], [{ 'content-type': 'text/x' }, { a: 'b' }])
    assert.equal(await world.get(KEY), texts.join(''))
    for (const [at, text] of texts.entries()) {
      const open = await openObject(world.context, world.admission, { objectKey: KEY, partNumber: at + 1 })
      assert.equal(open.part?.partsCount, 3)
      assert.equal(await readText(await open.read()), text)
    }
    await assert.rejects(
      openObject(world.context, world.admission, { objectKey: KEY, partNumber: 4 }),
      isA('NoSuchPart'),
    )
    const opened = await openObject(world.context, world.admission, { objectKey: KEY })
    assert.deepEqual(
      opened.parts().map(({ sizeBytes }) => sizeBytes),
      texts.map(({ length }) => length),
    )
    await world.assertBlobsAreWhole()
  })

  it('takes the last bytes of a part that was sent again, and drops parts that are not listed', async () => {
    const world = await ObjectWorld.make()
    const upload = await begin(world)
    await upload.part(2, 'first of the two')
    await upload.part(2, 'other of the two')
    await upload.part(7, 'end')
    await upload.part(9, 'not listed at all')
    await upload.complete([
      { partNumber: 2, etag: etagOf('other of the two') },
      { partNumber: 7, etag: etagOf('end') },
    ])
    assert.equal(await world.get(KEY), 'other of the twoend')
    assert.deepEqual(await world.usage(), { sizeBytes: 19, objects: 1 })
    await world.assertBlobsAreWhole()
  })

  it('gives the same response when it is completed again, until its object is gone', async () => {
    const world = await ObjectWorld.make()
    const upload = await begin(world)
    await upload.part(1, 'text')
    const parts = [{ partNumber: 1, etag: etagOf('text') }]
    const first = await upload.complete(parts)
    assert.deepEqual(await upload.complete(parts), first)
    await deleteObject(world.context, world.admission, { objectKey: KEY })
    await assert.rejects(upload.complete(parts), isA('NoSuchUpload'))
    await assert.rejects(upload.part(1, 'text'), isA('NoSuchUpload'))
    await world.assertBlobsAreWhole()
  })

  it('may have more parts than one commit removes', async () => {
    const world = await ObjectWorld.make({}, { settings: { partSizeBytesMin: 1 } })
    const upload = await begin(world)
    const numbers = Array.from({ length: 1_200 }, (_, at) => at + 1)
    for (const partNumber of numbers) await upload.part(partNumber, String(partNumber % 10))
    const etags = Array.from({ length: 10 }, (_, digit) => etagOf(String(digit)))
    await upload.complete(numbers.map((partNumber) => ({ partNumber, etag: etags[partNumber % 10] ?? '' })))
    const open = await openObject(world.context, world.admission, { objectKey: KEY })
    assert.equal(await readText(await open.read({ start: 1_194, end: 1_199 })), '567890')
    assert.deepEqual(await world.usage(), { sizeBytes: 1_200, objects: 1 })
    assert.deepEqual(
      await world.context.metadata.scan({ start: Buffer.from('P'), end: Buffer.from('Q'), limit: 1 }),
      [],
    )
  })
})

describe('the record of an object of 10,000 parts', () => {
  it('fits into a stored value, with a checksum and a salt for each part', () => {
    const parts = Array.from({ length: 10_000 }, (_, at) => ({
      partNumber: at + 1,
      sizeBytes: 5 * 1024 ** 3,
      blobId: `0123456789abcdef-${'0'.repeat(9)}`,
      checksum: Buffer.alloc(32).toString('base64'),
      salt: Buffer.alloc(16).toString('base64'),
    }))
    assert.ok(encodePartLayout({ parts }).length < VALUE_BYTES_MAX / 2)
  })
})

describe('completing an upload', () => {
  it('is refused for missing, wrong, descending or small parts, and can be tried again', async () => {
    const world = await ObjectWorld.make()
    const upload = await begin(world)
    await upload.part(1, 'small')
    await upload.part(2, 'large enough')
    const one = { partNumber: 1, etag: etagOf('small') }
    const two = { partNumber: 2, etag: etagOf('large enough') }
    const cases = [
      [[], 'NoParts'],
      [[two, one], 'PartsOutOfOrder'],
      [[{ ...one, etag: 'f'.repeat(32) }], 'PartDiffers'],
      [[one, { ...two, partNumber: 3 }], 'PartDiffers'],
      [[one, two], 'PartTooSmall'],
    ] as const
    for (const [parts, kind] of cases) await assert.rejects(upload.complete(parts), isA(kind))
    await assert.rejects(upload.complete([two], { expectedSizeBytes: 1 }), isA('AssembledSizeDiffers'))
    await upload.complete([two], { expectedSizeBytes: 12 })
    assert.equal(await world.get(KEY), 'large enough')
  })

  it('is refused when a number is listed twice, be it with the same ETag', async () => {
    const world = await ObjectWorld.make()
    const upload = await begin(world)
    await upload.part(1, 'text')
    const part = { partNumber: 1, etag: etagOf('text') }
    for (const first of [part, { partNumber: 1, etag: 'e'.repeat(32) }])
      await assert.rejects(upload.complete([first, part]), isA('PartsOutOfOrder'))
    await upload.complete([part])
    assert.equal(await world.get(KEY), 'text')
  })

  it('obeys conditions on the object that is there', async () => {
    const world = await ObjectWorld.make()
    const { record } = await world.put(KEY, 'earlier')
    const upload = await begin(world)
    await upload.part(1, 'text')
    const parts = [{ partNumber: 1, etag: etagOf('text') }]
    await assert.rejects(upload.complete(parts, { ifNoneMatch: ['*'] }), isA('PreconditionFailed'))
    await assert.rejects(upload.complete(parts, { ifMatch: ['other'] }), isA('PreconditionFailed'))
    await upload.complete(parts, { ifMatch: [record.etag] })
    assert.equal(await world.get(KEY), 'text')
  })

  const sha256 = (value: string) => ({ algorithm: 'SHA256', value }) as const

  it('makes the checksum out of the parts, and compares it with the one expected', async () => {
    const world = await ObjectWorld.make()
    const upload = await begin(world, { checksum: { algorithm: 'SHA256', type: 'COMPOSITE' } })
    await upload.part(1, 'large enough', 'one')
    await upload.part(2, 'end', 'two')
    const parts = [
      { partNumber: 1, etag: etagOf('large enough'), checksum: sha256('one') },
      { partNumber: 2, etag: etagOf('end'), checksum: sha256('two') },
    ]
    await assert.rejects(
      upload.complete([{ partNumber: 2, etag: etagOf('end'), checksum: sha256('other') }]),
      isA('PartDiffers'),
    )
    await assert.rejects(
      upload.complete([{ partNumber: 2, etag: etagOf('end') }]),
      isA('PartChecksumMissing'),
    )
    await assert.rejects(
      upload.complete(parts, { expectedChecksum: sha256('bad') }),
      isA('AssembledChecksumDiffers'),
    )
    await assert.rejects(
      upload.complete(parts, { expectedChecksumType: 'FULL_OBJECT' }),
      isA('ChecksumTypeDiffers'),
    )
    const { record } = await upload.complete(parts, { expectedChecksum: sha256('one+two') })
    assert.deepEqual(record.checksum, { algorithm: 'SHA256', type: 'COMPOSITE', value: 'one+two' })
    const open = await openObject(world.context, world.admission, { objectKey: KEY, partNumber: 2 })
    assert.equal(open.part?.checksum, 'two')
  })
})

describe('an aborted upload', () => {
  it('leaves nothing, and knows no parts any more', async () => {
    const world = await ObjectWorld.make()
    const upload = await begin(world)
    await upload.part(1, 'a part that is in a blob')
    await abortUpload(world.context, world.admission, upload.address)
    for (const late of [
      () => abortUpload(world.context, world.admission, upload.address),
      () => upload.part(2, 'late'),
      () => listParts(world.context, world.admission, { ...upload.address, maxParts: 10 }),
    ])
      await assert.rejects(late(), isA('NoSuchUpload'))
    assert.deepEqual(await world.usage(), { sizeBytes: 0, objects: 0 })
    await world.assertBlobsAreWhole()
  })
})

describe('parts copied from objects', () => {
  it('take the whole source or a range that lies inside it', async () => {
    const world = await ObjectWorld.make()
    await world.put('from', 'the source that is copied')
    const upload = await begin(world)
    const copy = (partNumber: number, range?: { start: number; end: number }) =>
      uploadPartCopy(world.context, world.admission, {
        ...upload.address,
        partNumber,
        source: { bucket: world.admission.bucket, objectKey: 'from' },
        ...(range && { range }),
        digest: digestCopy,
      })
    const parts = [await copy(1), await copy(2, { start: 4, end: 9 })]
    await assert.rejects(copy(3, { start: 0, end: 25 }), isA('CopyRangeBeyondSource'))
    await upload.complete(parts.map(({ part: { partNumber, etag } }) => ({ partNumber, etag })))
    assert.equal(await world.get(KEY), 'the source that is copiedsource')
  })
})

describe('lists of uploads and parts', () => {
  it('page through uploads by key and beginning, grouped by delimiter', async () => {
    const world = await ObjectWorld.make()
    const begun: string[] = []
    for (const objectKey of ['a', 'b/1', 'b/1', 'b/2', 'c']) {
      begun.push(`${objectKey} ${(await begin(world, { objectKey })).address.uploadId}`)
      world.clock.advance(1)
    }
    for (const maxUploads of [1, 2, 3, 10]) {
      const listed: string[] = []
      let markers = {}
      for (;;) {
        const page = await listUploads(world.context, world.admission, { ...markers, maxUploads })
        listed.push(...page.uploads.map(({ key, uploadId }) => `${key} ${uploadId}`))
        if (!page.isTruncated) break
        markers = { keyMarker: page.nextKeyMarker, uploadIdMarker: page.nextUploadIdMarker }
      }
      assert.deepEqual(listed, begun)
    }
    const grouped = await listUploads(world.context, world.admission, { delimiter: '/', maxUploads: 2 })
    assert.deepEqual(
      [grouped.uploads.length, grouped.commonPrefixes, grouped.nextKeyMarker],
      [1, ['b/'], 'b/'],
    )
    const rest = await listUploads(world.context, world.admission, {
      delimiter: '/',
      keyMarker: 'b/',
      maxUploads: 2,
    })
    assert.deepEqual(
      rest.uploads.map(({ key }) => key),
      ['c'],
    )
  })

  it('page through parts by number', async () => {
    const world = await ObjectWorld.make()
    const upload = await begin(world)
    for (const partNumber of [3, 1, 10_000]) await upload.part(partNumber, `part ${partNumber}`)
    const first = await listParts(world.context, world.admission, { ...upload.address, maxParts: 2 })
    assert.deepEqual(
      first.parts.map(({ partNumber }) => partNumber),
      [1, 3],
    )
    assert.deepEqual([first.isTruncated, first.nextPartNumberMarker], [true, 3])
    const rest = await listParts(world.context, world.admission, {
      ...upload.address,
      partNumberMarker: 3,
      maxParts: 2,
    })
    assert.deepEqual([rest.parts.map(({ partNumber }) => partNumber), rest.isTruncated], [[10_000], false])
  })
})
