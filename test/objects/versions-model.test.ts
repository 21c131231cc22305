import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isDomainError, type DomainErrorKind } from '../../src/service/errors/domain-error.ts'
import { copyObject } from '../../src/service/objects/copy-object.ts'
import { deleteObject } from '../../src/service/objects/delete-object.ts'
import { listObjectVersions } from '../../src/service/objects/list-object-versions.ts'
import { listObjects } from '../../src/service/objects/list-objects.ts'
import { completeUpload } from '../../src/service/uploads/complete-upload.ts'
import { createUpload } from '../../src/service/uploads/create-upload.ts'
import { uploadPart } from '../../src/service/uploads/upload-part.ts'
import {
  NO_ATTRIBUTES,
  ObjectWorld,
  digestCopy,
  md5Hex,
  seededRandom,
  streamedBody,
  testSeed,
  wholeBody,
} from './object-world.ts'

interface ModelVersion {
  readonly id: string
  readonly text: string | null
}

/** The bucket as simply as can be: for each key its versions, newest first; a null text is a delete marker. */
class Model {
  versioning: 'NeverEnabled' | 'Enabled' | 'Suspended' = 'NeverEnabled'
  readonly keys = new Map<string, ModelVersion[]>()

  of(key: string): ModelVersion[] {
    return this.keys.get(key) ?? []
  }

  current(key: string): ModelVersion | undefined {
    const [newest] = this.of(key)
    return newest && newest.text !== null ? newest : undefined
  }

  place(key: string, version: ModelVersion): void {
    this.keys.set(key, [version, ...this.of(key).filter(({ id }) => version.id !== 'null' || id !== 'null')])
  }

  remove(key: string, id: string): void {
    this.keys.set(
      key,
      this.of(key).filter((version) => version.id !== id),
    )
  }

  /** Keys that have versions, as UTF-8 sorts them. */
  sortedKeys(): string[] {
    return [...this.keys.keys()]
      .filter((key) => this.of(key).length > 0)
      .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  }
}

const KEYS = [
  'a',
  'a/b',
  'a/b/c',
  'a/c',
  'b',
  'b/',
  'b/ä',
  'ä/x',
  '\u{1f600}/y',
  '\uffee',
  'zero\0/byte',
  '/',
  '//',
]
const STEPS = Number(process.env.LUGSAIL_STEPS ?? 3000)

describe('object versions', () => {
  it('are what a naive model says, whatever is put, deleted, copied, uploaded and switched', async (t) => {
    const seed = testSeed()
    t.diagnostic(`LUGSAIL_TEST_SEED=${seed}`)
    const random = seededRandom(seed)
    const world = await ObjectWorld.make()
    const model = new Model()
    for (let step = 0; step < STEPS; step++) {
      world.clock.advance(Math.floor(random() * 3))
      await takeStep(world, model, { random, step })
      if (step % 20 === 0) await compare(world, model, random)
    }
    await compare(world, model, random)
    await world.assertBlobsAreWhole()
  })
})

async function takeStep(
  world: ObjectWorld,
  model: Model,
  { random, step }: { readonly random: () => number; readonly step: number },
): Promise<void> {
  const objectKey = pick(KEYS, random)
  const text = random() < 0.5 ? `text ${step}` : `a longer text that goes to a blob ${step}`
  const dice = random()
  const { context, admission } = world
  const place = (written: { readonly versionId?: string }) => {
    assert.equal(written.versionId === undefined, model.versioning !== 'Enabled')
    model.place(objectKey, { id: written.versionId ?? 'null', text })
  }
  if (dice < 0.3) {
    const body = random() < 0.5 ? wholeBody(text) : streamedBody([text.slice(0, 3), text.slice(3)])
    place(await world.put(objectKey, '', { body }))
  } else if (dice < 0.5) {
    const deleted = await deleteObject(context, admission, { objectKey })
    assert.equal(deleted.isDeleteMarker, model.versioning !== 'NeverEnabled')
    if (model.versioning === 'NeverEnabled') model.remove(objectKey, 'null')
    else model.place(objectKey, { id: deleted.versionId ?? '', text: null })
  } else if (dice < 0.7) {
    const versionId = random() < 0.3 ? 'null' : pickAny(model.of(objectKey), random)?.id
    if (versionId === undefined) return
    const target = model.of(objectKey).find(({ id }) => id === versionId)
    const deleted = await deleteObject(context, admission, { objectKey, versionId })
    assert.deepEqual(deleted, { versionId, isDeleteMarker: target?.text === null })
    model.remove(objectKey, versionId)
  } else if (dice < 0.8) {
    const { uploadId } = await createUpload(context, admission, { objectKey, attributes: NO_ATTRIBUTES })
    const parts = [text.padEnd(12, '.'), text].map((content, index) => ({ partNumber: index + 1, content }))
    for (const { partNumber, content } of parts)
      await uploadPart(context, admission, { objectKey, uploadId, partNumber, body: wholeBody(content) })
    const written = await completeUpload(context, admission, {
      objectKey,
      uploadId,
      parts: parts.map(({ partNumber, content }) => ({ partNumber, etag: md5Hex(Buffer.from(content)) })),
      combineChecksums: () => assert.fail('no checksum was asked for'),
    })
    model.place(objectKey, {
      id: written.versionId ?? 'null',
      text: parts.map(({ content }) => content).join(''),
    })
  } else if (dice < 0.9) {
    const source = pick(KEYS, random)
    const version = pickAny(
      model.of(source).filter(({ text: content }) => content !== null),
      random,
    )
    if (!version || source === objectKey) return
    const written = await copyObject(context, admission, {
      objectKey,
      source: { bucket: admission.bucket, objectKey: source, versionId: version.id },
      metadataDirective: 'COPY',
      taggingDirective: 'COPY',
      attributes: NO_ATTRIBUTES,
      digest: digestCopy,
    })
    model.place(objectKey, { id: written.versionId ?? 'null', text: version.text })
  } else if (dice < 0.93) {
    model.versioning = random() < 0.6 ? 'Enabled' : 'Suspended'
    await world.changeBucket({ versioning: model.versioning })
  } else {
    await compareReads(world, model, objectKey)
  }
}

async function compareReads(world: ObjectWorld, model: Model, key: string): Promise<void> {
  const current = model.current(key)
  if (current) assert.equal(await world.get(key), current.text)
  else await assert.rejects(world.get(key), isMissing)
  for (const { id, text } of model.of(key)) {
    if (text !== null) assert.equal(await world.get(key, { versionId: id }), text)
    else await assert.rejects(world.get(key, { versionId: id }), isA('VersionIsDeleteMarker'))
  }
}

async function compare(world: ObjectWorld, model: Model, random: () => number): Promise<void> {
  const prefix = random() < 0.5 ? '' : pick(['a', 'a/', 'b/', 'zero', '\u{1f600}', 'none'], random)
  const delimiter = random() < 0.5 ? undefined : pick(['/', 'b', '//', '\0'], random)
  await compareObjects(world, model, { prefix, delimiter, pageSize: 1 + Math.floor(random() * 6) })
  const escapable = delimiter === '\0' ? '/' : delimiter
  await compareVersions(world, model, {
    prefix,
    delimiter: escapable,
    pageSize: 1 + Math.floor(random() * 6),
  })
  const versions = [...model.keys.values()].flat()
  assert.deepEqual(await world.usage(), {
    sizeBytes: versions.reduce((sum, { text }) => sum + Buffer.byteLength(text ?? ''), 0),
    objects: versions.length,
  })
}

interface Listing {
  readonly prefix: string
  readonly delimiter: string | undefined
  readonly pageSize: number
}

async function compareObjects(world: ObjectWorld, model: Model, listing: Listing): Promise<void> {
  const listed: string[] = []
  let startAfter: string | undefined
  for (;;) {
    const page = await listObjects(world.context, world.admission, {
      ...optional(listing),
      maxKeys: listing.pageSize,
      ...(startAfter !== undefined && { startAfter }),
    })
    assert.ok(page.objects.length + page.commonPrefixes.length <= listing.pageSize)
    listed.push(...page.objects.map(({ objectKey }) => objectKey), ...page.commonPrefixes)
    if (!page.isTruncated) break
    startAfter = page.nextMarker
  }
  const expected = new Set<string>()
  for (const key of model.sortedKeys()) {
    if (!model.current(key) || !key.startsWith(listing.prefix)) continue
    expected.add(groupOf(key, listing) ?? key)
  }
  const comparable = (rows: readonly string[]) => (listing.delimiter === undefined ? rows : [...rows].sort())
  assert.deepEqual(comparable(listed), comparable([...expected]))
}

async function compareVersions(world: ObjectWorld, model: Model, listing: Listing): Promise<void> {
  const listed: string[] = []
  let markers: { keyMarker?: string; versionIdMarker?: string } = {}
  for (;;) {
    const page = await listObjectVersions(world.context, world.admission, {
      ...optional(listing),
      ...markers,
      maxKeys: listing.pageSize,
    })
    assert.ok(page.versions.length + page.commonPrefixes.length <= listing.pageSize)
    const rows = page.versions.map(
      ({ objectKey, record, isLatest }) =>
        `${objectKey} ${record.versionId} ${record.isDeleteMarker === true} ${isLatest}`,
    )
    listed.push(...rows, ...page.commonPrefixes)
    if (!page.isTruncated) break
    markers = {
      ...(page.nextKeyMarker !== undefined && { keyMarker: page.nextKeyMarker }),
      ...(page.nextVersionIdMarker !== undefined && { versionIdMarker: page.nextVersionIdMarker }),
    }
  }
  const expected = new Set<string>()
  for (const key of model.sortedKeys()) {
    if (!key.startsWith(listing.prefix)) continue
    const group = groupOf(key, listing)
    if (group !== undefined) expected.add(group)
    else
      model.of(key).forEach(({ id, text }, at) => expected.add(`${key} ${id} ${text === null} ${at === 0}`))
  }
  // Pages give versions and prefixes apart: with a delimiter, only what is listed is compared.
  const comparable = (rows: readonly string[]) => (listing.delimiter === undefined ? rows : [...rows].sort())
  assert.deepEqual(comparable(listed), comparable([...expected]))
}

function groupOf(key: string, { prefix, delimiter }: Listing): string | undefined {
  if (delimiter === undefined) return undefined
  const at = key.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : key.slice(0, at + delimiter.length)
}

const optional = ({ prefix, delimiter }: Listing) => ({
  prefix,
  ...(delimiter !== undefined && { delimiter }),
})

/** One of them by chance; undefined when there are none. */
const pickAny = <T>(from: readonly T[], random: () => number): T | undefined =>
  from[Math.floor(random() * from.length)]

function pick<T>(from: readonly T[], random: () => number): T {
  const picked = pickAny(from, random)
  assert.ok(picked !== undefined)
  return picked
}

const isA = (kind: DomainErrorKind) => (error: unknown) => isDomainError(error, kind)
const isMissing = (error: unknown) => isDomainError(error, 'NoSuchKey', 'VersionIsDeleteMarker')
