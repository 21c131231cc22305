import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { currentVersionKey, versionKey } from '../../src/service/keyspace.ts'
import { copyObject } from '../../src/service/objects/copy-object.ts'
import { deleteObject } from '../../src/service/objects/delete-object.ts'
import { deleteObjects } from '../../src/service/objects/delete-objects.ts'
import { listObjects } from '../../src/service/objects/list-objects.ts'
import { DamagedRecord } from '../../src/storage/metadata-store.ts'
import { checkedWorld } from './checked-world.ts'
import { digestCopy, NO_ATTRIBUTES } from './object-world.ts'

describe('an object whose record is damaged', () => {
  it('is neither read nor listed nor copied', async () => {
    const { world, damage, bucketId } = await checkedWorld()
    await world.put('whole', 'abc')
    await world.put('k', 'body in it')
    await damage(currentVersionKey(bucketId, 'k'))
    await assert.rejects(world.get('k'), DamagedRecord)
    await assert.rejects(
      listObjects(world.context, world.admission, { prefix: '', maxKeys: 10 }),
      DamagedRecord,
    )
    const copying = copyObject(world.context, world.admission, {
      objectKey: 'copy',
      source: { bucket: world.admission.bucket, objectKey: 'k' },
      digest: digestCopy,
      metadataDirective: 'COPY',
      taggingDirective: 'COPY',
      attributes: NO_ATTRIBUTES,
    })
    await assert.rejects(copying, DamagedRecord)
    await assert.rejects(world.get('copy'), { kind: 'NoSuchKey' })
    assert.equal(await world.get('whole'), 'abc')
  })

  for (const versioning of ['NeverEnabled', 'Enabled', 'Suspended'] as const) {
    it(`can be overwritten and deleted where versioning is ${versioning}`, async () => {
      const { world, damage, bucketId } = await checkedWorld({ versioning })
      await world.put('k', 'first')
      await damage(currentVersionKey(bucketId, 'k'))
      await world.put('k', 'second')
      assert.equal(await world.get('k'), 'second')
      await damage(currentVersionKey(bucketId, 'k'))
      await deleteObject(world.context, world.admission, { objectKey: 'k' })
      const kind = versioning === 'NeverEnabled' ? 'NoSuchKey' : 'VersionIsDeleteMarker'
      await assert.rejects(world.get('k'), { kind })
    })
  }

  it('is deleted by a batch, with all else that it names', async () => {
    const { world, damage, bucketId } = await checkedWorld()
    for (const key of ['k', 'whole']) await world.put(key, key)
    await damage(currentVersionKey(bucketId, 'k'))
    const batch = ['none', 'k', 'whole'].map((objectKey) => ({ objectKey }))
    const outcomes = await deleteObjects(world.context, world.admission, batch)
    const deleted = { isDeleteMarker: false }
    assert.deepEqual(
      outcomes,
      batch.map(({ objectKey }) => ({ objectKey, deleted })),
    )
    for (const { objectKey } of batch) await assert.rejects(world.get(objectKey), { kind: 'NoSuchKey' })
  })

  it('is not overwritten on a condition that only its record could tell', async () => {
    const { world, damage, bucketId } = await checkedWorld()
    const { record } = await world.put('k', 'first')
    await damage(currentVersionKey(bucketId, 'k'))
    await assert.rejects(world.put('k', 'second', { ifMatch: [record.etag] }), DamagedRecord)
  })

  it('stays in a bucket with object lock, since it may be locked', async () => {
    const { world, damage, bucketId } = await checkedWorld({
      versioning: 'Enabled',
      objectLock: { enabled: true },
    })
    await world.put('k', 'first')
    await damage(currentVersionKey(bucketId, 'k'))
    await assert.rejects(world.put('k', 'second'), DamagedRecord)
    await assert.rejects(deleteObject(world.context, world.admission, { objectKey: 'k' }), DamagedRecord)
  })

  it('is the only one of a batch that fails there', async () => {
    const { world, damage, bucketId } = await checkedWorld({
      versioning: 'Enabled',
      objectLock: { enabled: true },
    })
    for (const key of ['a', 'k', 'z']) await world.put(key, key)
    await damage(currentVersionKey(bucketId, 'k'))
    const outcomes = await deleteObjects(world.context, world.admission, [
      { objectKey: 'a' },
      { objectKey: 'k' },
      { objectKey: 'z' },
    ])
    assert.deepEqual(
      outcomes.map(({ objectKey, error }) => [objectKey, error?.kind]),
      [
        ['a', undefined],
        ['k', 'DamagedObject'],
        ['z', undefined],
      ],
    )
  })

  it('is removed by its version id when it is an older one', async () => {
    const { world, damage, bucketId } = await checkedWorld({ versioning: 'Enabled' })
    const { record, versionId = '' } = await world.put('k', 'first')
    await world.put('k', 'second')
    await damage(versionKey(bucketId, 'k', record.order))
    await assert.rejects(world.get('k', { versionId }), DamagedRecord)
    await deleteObject(world.context, world.admission, { objectKey: 'k', versionId })
    await assert.rejects(world.get('k', { versionId }), { kind: 'NoSuchVersion' })
    assert.equal(await world.get('k'), 'second')
  })
})
