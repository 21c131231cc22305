import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Admission } from '../../src/service/admission.ts'
import { isDomainError, type DomainErrorKind } from '../../src/service/errors/domain-error.ts'
import { bucketKey } from '../../src/service/keyspace.ts'
import { copyObject } from '../../src/service/objects/copy-object.ts'
import type { CopyObjectInput } from '../../src/service/objects/copy-object.ts'
import { deleteObject } from '../../src/service/objects/delete-object.ts'
import { deleteObjects } from '../../src/service/objects/delete-objects.ts'
import {
  getObjectLegalHold,
  getObjectRetention,
  putObjectLegalHold,
  putObjectRetention,
} from '../../src/service/objects/object-lock.ts'
import { getObjectTagging, putObjectTagging } from '../../src/service/objects/object-tagging.ts'
import { listObjects } from '../../src/service/objects/list-objects.ts'
import { openObject } from '../../src/service/versions/open-object.ts'
import { MemoryMetadataStore } from '../../src/storage/memory/metadata-store.ts'
import type { Change, CommitOutcome, Entry, Key } from '../../src/storage/metadata-store.ts'
import { NO_ATTRIBUTES, ObjectWorld, digestCopy, streamedBody, wholeBody } from './object-world.ts'

const DAY_MS = 86_400_000
const isA = (kind: DomainErrorKind) => (error: unknown) => isDomainError(error, kind)

describe('conditional puts', () => {
  it('with If-None-Match succeed only when no object, or none with that ETag, is there', async () => {
    const world = await ObjectWorld.make()
    const { record } = await world.put('key', 'one', { ifNoneMatch: ['*'] })
    await assert.rejects(world.put('key', 'two', { ifNoneMatch: ['*'] }), isA('PreconditionFailed'))
    await assert.rejects(world.put('key', 'two', { ifNoneMatch: [record.etag] }), isA('PreconditionFailed'))
    await world.put('key', 'two', { ifNoneMatch: ['other'] })
    assert.equal(await world.get('key'), 'two')
  })

  it('with If-Match succeed only on that ETag; NoSuchKey when there is nothing, or a delete marker', async () => {
    const world = await ObjectWorld.make({ versioning: 'Enabled' })
    await assert.rejects(world.put('key', 'one', { ifMatch: ['*'] }), isA('NoSuchKey'))
    const { record } = await world.put('key', 'one')
    await assert.rejects(world.put('key', 'two', { ifMatch: ['other'] }), isA('PreconditionFailed'))
    await world.put('key', 'two', { ifMatch: [record.etag] })
    await deleteObject(world.context, world.admission, { objectKey: 'key' })
    await assert.rejects(world.put('key', 'three', { ifMatch: ['*'] }), isA('NoSuchKey'))
  })

  it('do not take the body in when the condition fails already', async () => {
    const world = await ObjectWorld.make()
    await world.put('key', 'one')
    const body = {
      stream: (async function* () {
        yield await Promise.resolve(assert.fail('the body was read'))
      })(),
      finish: () => assert.fail('the body was finished'),
    }
    await assert.rejects(world.put('key', '', { body, ifNoneMatch: ['*'] }), isA('PreconditionFailed'))
  })
})

describe('conditional deletes', () => {
  it('fail for what does not exist, and on another ETag, time or size', async () => {
    const world = await ObjectWorld.make()
    const remove = (conditions: object) =>
      deleteObject(world.context, world.admission, { objectKey: 'key', ...conditions })
    for (const conditions of [{ ifMatch: '*' }, { ifMatchSizeBytes: 0 }, { ifMatchLastModified: 0 }])
      await assert.rejects(remove(conditions), isA('NoSuchKey'))
    const { record } = await world.put('key', 'text')
    for (const conditions of [
      { ifMatch: 'other' },
      { ifMatchSizeBytes: 5 },
      { ifMatchLastModified: record.lastModified - 1000 },
    ])
      await assert.rejects(remove(conditions), isA('PreconditionFailed'))
    await remove({ ifMatch: record.etag, ifMatchSizeBytes: 4, ifMatchLastModified: record.lastModified })
    await assert.rejects(world.get('key'), isA('NoSuchKey'))
  })

  it('under a delete marker fail and make no other, and of one that is named hold for * alone', async () => {
    const world = await ObjectWorld.make({ versioning: 'Enabled' })
    await world.put('key', 'text')
    const remove = (conditions: object) =>
      deleteObject(world.context, world.admission, { objectKey: 'key', ...conditions })
    const { versionId = '' } = await remove({ ifMatch: '*' })
    await assert.rejects(remove({ ifMatch: '*' }), isA('NoSuchKey'))
    await assert.rejects(remove({ versionId, ifMatch: 'other' }), isA('PreconditionFailed'))
    await assert.rejects(remove({ versionId, ifMatchSizeBytes: 0 }), isA('PreconditionFailed'))
    await remove({ versionId, ifMatch: '*' })
    await assert.rejects(remove({ versionId, ifMatch: '*' }), isA('NoSuchVersion'))
    assert.equal(await world.get('key'), 'text')
  })

  it('in a batch fail one by one, and the order of the responses is that of the entries', async () => {
    const world = await ObjectWorld.make()
    for (const key of ['a', 'b', 'c']) await world.put(key, key)
    const outcomes = await deleteObjects(world.context, world.admission, [
      { objectKey: 'b', ifMatch: 'other' },
      { objectKey: 'a' },
      { objectKey: 'none' },
      { objectKey: 'c', versionId: 'not an id' },
    ])
    assert.deepEqual(
      outcomes.map(({ objectKey, error }) => [objectKey, error?.kind]),
      [
        ['b', 'PreconditionFailed'],
        ['a', undefined],
        ['none', undefined],
        ['c', 'InvalidVersionId'],
      ],
    )
  })
})

describe('a batch of deletes', () => {
  const KEYS = 1_000

  it('reads many keys at once, and commits nothing for what is not there', async () => {
    const metadata = new CountedMetadata()
    const world = await ObjectWorld.make({}, { metadata })
    await world.put('key 500', 'one')
    metadata.reads = 0
    metadata.commits = 0
    const outcomes = await deleteObjects(
      world.context,
      world.admission,
      Array.from({ length: KEYS }, (_, n) => ({ objectKey: `key ${n}` })),
    )
    assert.deepEqual(
      outcomes.map(({ objectKey, deleted }) => [objectKey, deleted]),
      Array.from({ length: KEYS }, (_, n) => [`key ${n}`, { isDeleteMarker: false }]),
    )
    assert.equal(metadata.commits, 1)
    assert.ok(metadata.reads <= KEYS / 30, `${metadata.reads} reads`)
    await assert.rejects(world.get('key 500'), isA('NoSuchKey'))
  })

  it('asks of what is not there what it asks of an object', async () => {
    const world = await ObjectWorld.make({ versioning: 'Enabled' })
    const asked: (string | null)[] = []
    const admission: Admission = {
      ...world.admission,
      permit: (object) => void asked.push(object && 'object'),
    }
    const outcomes = await deleteObjects(world.context, admission, [
      { objectKey: 'a', versionId: 'null' },
      { objectKey: 'b', versionId: 'null', ifMatch: '*' },
      { objectKey: 'c', versionId: 'not an id' },
      { objectKey: '', versionId: 'null' },
    ])
    assert.deepEqual(
      outcomes.map(({ deleted, error }) => deleted ?? error.kind),
      [{ versionId: 'null', isDeleteMarker: false }, 'NoSuchVersion', 'InvalidVersionId', 'EmptyObjectKey'],
    )
    assert.deepEqual(asked, [null, null])
  })

  it('deletes in the order of its entries what names one key twice', async () => {
    const world = await ObjectWorld.make({ versioning: 'Suspended' })
    const outcomes = await deleteObjects(world.context, world.admission, [
      { objectKey: 'key', versionId: 'null' },
      { objectKey: 'key' },
      { objectKey: 'key', versionId: 'null' },
    ])
    assert.deepEqual(
      outcomes.map(({ deleted }) => deleted),
      [
        { versionId: 'null', isDeleteMarker: false },
        { versionId: 'null', isDeleteMarker: true },
        { versionId: 'null', isDeleteMarker: true },
      ],
    )
  })

  it('whose bucket is gone fails as a whole, whatever else is under way', async () => {
    const world = await ObjectWorld.make()
    for (const key of ['a', 'b']) await world.put(key, key)
    await world.context.metadata.commit({ deletes: [bucketKey(world.admission.bucket.record.name)] })
    const batch = deleteObjects(world.context, world.admission, [
      { objectKey: 'a' },
      { objectKey: 'b' },
      { objectKey: 'none' },
    ])
    await assert.rejects(batch, isA('NoSuchBucket'))
  })
})

/** Counts what it is asked. */
class CountedMetadata extends MemoryMetadataStore {
  reads = 0
  commits = 0

  override async getMany(keys: readonly Key[]): Promise<(Entry | null)[]> {
    this.reads++
    return await super.getMany(keys)
  }

  override async commit(change: Change): Promise<CommitOutcome> {
    this.commits++
    return await super.commit(change)
  }
}

describe('a body that is refused', () => {
  it('leaves neither object nor blob, whatever its size', async () => {
    const world = await ObjectWorld.make()
    for (const text of ['small', 'a body that is larger than what goes into the record']) {
      const finish = () => {
        throw new Error('another digest')
      }
      for (const body of [wholeBody(text), streamedBody([text]), streamedBody([text], text.length)])
        await assert.rejects(world.put('key', '', { body: { ...body, finish } }), /another digest/)
      const failing = (async function* () {
        yield await Promise.resolve(Buffer.from(text))
        throw new Error('cut short')
      })()
      await assert.rejects(
        world.put('key', '', { body: { stream: failing, finish: () => ({ md5Hex: '' }) } }),
        /cut short/,
      )
    }
    await assert.rejects(world.get('key'), isA('NoSuchKey'))
    await world.assertBlobsAreWhole()
  })

  it('is over 5 GiB by its stated length', async () => {
    const world = await ObjectWorld.make()
    const body = streamedBody(['text'], 5 * 1024 ** 3 + 1)
    await assert.rejects(world.put('key', '', { body }), isA('BodyTooLarge'))
  })
})

describe('object lock', () => {
  const locked = { versioning: 'Enabled', objectLock: { enabled: true } } as const

  it('keeps a version from being removed until its time, but lets delete markers hide it', async () => {
    const world = await ObjectWorld.make({
      ...locked,
      objectLock: { enabled: true, defaultRetention: { mode: 'GOVERNANCE', days: 1 } },
    })
    const { versionId = '' } = await world.put('key', 'text')
    const remove = (input: object) =>
      deleteObject(world.context, world.admission, { objectKey: 'key', ...input })
    const marker = await remove({})
    await assert.rejects(remove({ versionId }), isA('VersionLocked'))
    await remove({ versionId: marker.versionId })
    assert.equal(await world.get('key'), 'text')
    world.clock.advance(DAY_MS)
    await remove({ versionId })
    await assert.rejects(world.get('key', { versionId }), isA('NoSuchVersion'))
  })

  it('in GOVERNANCE mode gives way to the bypass, in COMPLIANCE mode and under legal hold to nothing', async () => {
    const world = await ObjectWorld.make(locked)
    const { context, admission } = world
    const remove = (objectKey: string, versionId: string) =>
      deleteObject(context, admission, { objectKey, versionId, bypassGovernance: true })
    const retainUntil = context.clock.now() + DAY_MS
    const governed = await world.put('governed', 'text', {
      attributes: { ...NO_ATTRIBUTES, retention: { mode: 'GOVERNANCE', retainUntil } },
    })
    await remove('governed', governed.versionId ?? '')
    const complied = await world.put('complied', 'text', {
      attributes: { ...NO_ATTRIBUTES, retention: { mode: 'COMPLIANCE', retainUntil } },
    })
    await assert.rejects(remove('complied', complied.versionId ?? ''), isA('VersionLocked'))
    const held = await world.put('held', 'text')
    await putObjectLegalHold(context, admission, { objectKey: 'held', legalHold: true })
    assert.equal(await getObjectLegalHold(context, admission, { objectKey: 'held' }), true)
    await assert.rejects(remove('held', held.versionId ?? ''), isA('VersionLocked'))
    await putObjectLegalHold(context, admission, { objectKey: 'held', legalHold: false })
    await remove('held', held.versionId ?? '')
  })

  it('is made longer freely, shorter or of another mode only as the mode allows', async () => {
    const world = await ObjectWorld.make(locked)
    const { context, admission } = world
    await world.put('key', 'text')
    const now = context.clock.now()
    const retain = (mode: 'GOVERNANCE' | 'COMPLIANCE', days: number, bypassGovernance = false) =>
      putObjectRetention(context, admission, {
        objectKey: 'key',
        retention: { mode, retainUntil: now + days * DAY_MS },
        bypassGovernance,
      })
    await assert.rejects(getObjectRetention(context, admission, { objectKey: 'key' }), isA('NoSuchLock'))
    await assert.rejects(retain('GOVERNANCE', -1), isA('RetainUntilPast'))
    await retain('GOVERNANCE', 2)
    await retain('GOVERNANCE', 3)
    await assert.rejects(retain('GOVERNANCE', 1), isA('VersionLocked'))
    await retain('GOVERNANCE', 1, true)
    await assert.rejects(retain('COMPLIANCE', 1), isA('VersionLocked'))
    await retain('COMPLIANCE', 1, true)
    await assert.rejects(retain('GOVERNANCE', 5, true), isA('VersionLocked'))
    await retain('COMPLIANCE', 5)
    const { mode } = await getObjectRetention(context, admission, { objectKey: 'key' })
    assert.equal(mode, 'COMPLIANCE')
  })

  it('is refused in a bucket without it', async () => {
    const world = await ObjectWorld.make({ versioning: 'Enabled' })
    await assert.rejects(
      world.put('key', 'text', { attributes: { ...NO_ATTRIBUTES, legalHold: true } }),
      isA('BucketWithoutObjectLock'),
    )
  })
})

describe('copies', () => {
  const copy = (world: ObjectWorld, input: Partial<CopyObjectInput> & { objectKey: string; from: string }) =>
    copyObject(world.context, world.admission, {
      source: { bucket: world.admission.bucket, objectKey: input.from },
      metadataDirective: 'COPY',
      taggingDirective: 'COPY',
      attributes: NO_ATTRIBUTES,
      digest: digestCopy,
      ...input,
    })

  it('take metadata and tags from the source or the request, as told, and never the ACL', async () => {
    const world = await ObjectWorld.make()
    await world.put('from', 'text', {
      attributes: {
        headers: { 'content-type': 'text/x' },
        userMetadata: { a: '1' },
        tags: [{ key: 't', value: '1' }],
        acl: { ownerAccountId: '123456789012', grants: [] },
      },
    })
    const kept = (await copy(world, { from: 'from', objectKey: 'kept' })).record
    assert.deepEqual(
      [kept.headers, kept.userMetadata, kept.tags, kept.acl],
      [{ 'content-type': 'text/x' }, { a: '1' }, [{ key: 't', value: '1' }], undefined],
    )
    const replaced = await copy(world, {
      from: 'from',
      objectKey: 'replaced',
      metadataDirective: 'REPLACE',
      taggingDirective: 'REPLACE',
      attributes: { headers: {}, userMetadata: { b: '2' } },
    })
    assert.deepEqual([replaced.record.userMetadata, replaced.record.tags], [{ b: '2' }, undefined])
  })

  it('onto itself must change something', async () => {
    const world = await ObjectWorld.make()
    await world.put('key', 'text')
    await assert.rejects(copy(world, { from: 'key', objectKey: 'key' }), isA('CopyOntoItself'))
    await copy(world, {
      from: 'key',
      objectKey: 'key',
      metadataDirective: 'REPLACE',
      attributes: { headers: {}, userMetadata: { b: '2' } },
    })
    assert.equal(await world.get('key'), 'text')
  })

  it('fail when a condition on the source does not hold, or it is a named delete marker', async () => {
    const world = await ObjectWorld.make({ versioning: 'Enabled' })
    const { record } = await world.put('from', 'text')
    const source = { bucket: world.admission.bucket, objectKey: 'from' }
    for (const conditions of [{ ifMatch: ['other'] }, { ifNoneMatch: [record.etag] }])
      await assert.rejects(
        copy(world, { from: 'from', objectKey: 'to', source: { ...source, conditions } }),
        isA('PreconditionFailed'),
      )
    const { versionId = '' } = await deleteObject(world.context, world.admission, { objectKey: 'from' })
    await assert.rejects(copy(world, { from: 'from', objectKey: 'to' }), isA('VersionIsDeleteMarker'))
    await assert.rejects(
      copy(world, { from: 'from', objectKey: 'to', source: { ...source, versionId } }),
      isA('CopySourceIsDeleteMarker'),
    )
  })
})

describe('what a version says besides its bytes', () => {
  it('is changed in the version that is named, and leaves the bytes as they are', async () => {
    const world = await ObjectWorld.make({ versioning: 'Enabled' })
    const { context, admission } = world
    const first = await world.put('key', 'small one')
    await world.put('key', 'second one, long enough for a blob')
    const tags = [{ key: 'k', value: 'v' }]
    const address = { objectKey: 'key', versionId: first.versionId ?? '' }
    assert.deepEqual(await putObjectTagging(context, admission, { ...address, tags }), {
      versionId: address.versionId,
    })
    assert.deepEqual((await getObjectTagging(context, admission, address)).tags, tags)
    assert.deepEqual((await getObjectTagging(context, admission, { objectKey: 'key' })).tags, [])
    assert.equal(await world.get('key', address), 'small one')
    await putObjectTagging(context, admission, { ...address, tags: [] })
    assert.deepEqual((await getObjectTagging(context, admission, address)).tags, [])
  })

  it('is refused for eleven tags, and for a repeated or an overlong key', async () => {
    const world = await ObjectWorld.make()
    await world.put('key', 'text')
    const eleven = Array.from({ length: 11 }, (_, at) => ({ key: `k${at}`, value: '' }))
    await assert.rejects(
      putObjectTagging(world.context, world.admission, { objectKey: 'key', tags: eleven }),
      isA('TooManyTags'),
    )
    for (const tags of [
      [
        { key: 'k', value: '1' },
        { key: 'k', value: '2' },
      ],
      [{ key: 'k'.repeat(129), value: '' }],
      [{ key: 'k', value: 'v'.repeat(257) }],
    ])
      await assert.rejects(
        putObjectTagging(world.context, world.admission, { objectKey: 'key', tags }),
        isA('InvalidTag'),
      )
  })
})

describe('reading', () => {
  it('gives ranges of inline and blob bodies', async () => {
    const world = await ObjectWorld.make()
    const large = 'a body that is large enough for a blob'
    for (const text of ['inline body', large]) {
      await world.put('key', text)
      const open = await openObject(world.context, world.admission, { objectKey: 'key' })
      const content = await open.read({ start: 2, end: 6 })
      const bytes = Buffer.isBuffer(content) ? content : Buffer.concat(await content.toArray())
      assert.equal(bytes.toString(), text.slice(2, 7))
    }
  })

  it('takes a key of up to 1024 bytes', async () => {
    const world = await ObjectWorld.make()
    await world.put('ä'.repeat(512), 'text')
    await assert.rejects(world.put('ä'.repeat(512) + 'x', 'text'), isA('ObjectKeyTooLong'))
  })
})

describe('a listing', () => {
  it('gives the fields of every record whole, however long they are', async () => {
    const world = await ObjectWorld.make({}, { settings: { inlineBodyBytesMax: 10_000 } })
    const userMetadata = { long: 'm'.repeat(3_000) }
    await world.put('a', 'x'.repeat(5_000))
    await world.put('b', 'x'.repeat(5_000), { attributes: { headers: {}, userMetadata } })
    await world.put('c/d', 'x')
    for (const delimiter of ['', '/']) {
      const { objects } = await listObjects(world.context, world.admission, { delimiter, maxKeys: 10 })
      assert.deepEqual(
        objects.slice(0, 2).map(({ record }) => [record.sizeBytes, record.userMetadata]),
        [
          [5_000, {}],
          [5_000, userMetadata],
        ],
      )
    }
  })

  it('goes on behind a common prefix given as a marker, and takes only tokens of its own', async () => {
    const world = await ObjectWorld.make()
    for (const key of ['a/1', 'a/2', 'b']) await world.put(key, 'x')
    const list = (input: object) => listObjects(world.context, world.admission, { maxKeys: 10, ...input })
    const first = await list({ delimiter: '/', maxKeys: 1 })
    assert.deepEqual([first.commonPrefixes, first.nextMarker], [['a/'], 'a/'])
    for (const next of [{ startAfter: 'a/' }, { continuationToken: first.nextContinuationToken }]) {
      const page = await list({ delimiter: '/', ...next })
      assert.deepEqual([page.objects.map(({ objectKey }) => objectKey), page.commonPrefixes], [['b'], []])
    }
    assert.deepEqual((await list({ startAfter: 'a/1' })).objects.length, 2)
    assert.equal((await list({ maxKeys: 0 })).isTruncated, false)
    for (const continuationToken of ['', 'x', `${first.nextContinuationToken}?`])
      await assert.rejects(list({ continuationToken }), isA('InvalidContinuationToken'))
    await assert.rejects(list({ maxKeys: -1 }), isA('InvalidPageSize'))
  })
})
