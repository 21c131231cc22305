import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_ATTRIBUTES, ObjectWorld } from '../../../test/objects/object-world.ts'
import { versionKey } from '../keyspace.ts'
import { deleteObject } from '../objects/delete-object.ts'
import { listObjectVersions } from '../objects/list-object-versions.ts'
import type { LifecycleRule } from '../records/bucket.ts'
import { createUpload } from '../uploads/create-upload.ts'
import { listUploads } from '../uploads/list-uploads.ts'
import { orderOfVersionId } from '../versions/version-id.ts'
import { applyLifecycle } from './apply-lifecycle.ts'

/** Uploads that are looked at in one read. */
const PAGE = 1_000
const DAY_MS = 86_400_000

describe('lifecycle rules', () => {
  for (const count of [PAGE, PAGE + 1])
    it(`abort all of ${count} uploads that were begun long ago, those of the last page too`, async () => {
      const world = await ObjectWorld.make({
        lifecycle: [
          {
            id: 'rule',
            status: 'Enabled',
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ],
      })
      const { context, admission } = world
      for (let at = 0; at < count; at++)
        await createUpload(context, admission, { objectKey: `key-${at}`, attributes: NO_ATTRIBUTES })
      world.clock.advance(3 * DAY_MS)
      assert.deepEqual(await applyLifecycle(context), { deletions: 0, uploadsAborted: count })
      const { uploads } = await listUploads(context, admission, { maxUploads: 1 })
      assert.deepEqual(uploads, [])
    })

  it('leave a version that was an older one when they looked, and has been the current one since', async () => {
    const lifecycle: LifecycleRule[] = [
      { id: 'rule', status: 'Enabled', noncurrentVersionExpiration: { noncurrentDays: 1 } },
    ]
    const world = await ObjectWorld.make({ versioning: 'Enabled', lifecycle })
    const { context, admission } = world
    const objectKey = 'key'
    await world.put(objectKey, 'oldest')
    const { versionId: older = '' } = await world.put(objectKey, 'older')
    const { versionId: newest = '' } = await world.put(objectKey, 'newest')
    world.clock.advance(3 * DAY_MS)
    const row = versionKey(admission.bucket.record.bucketId, objectKey, orderOfVersionId(older) ?? '')
    const getMany = context.metadata.getMany.bind(context.metadata)
    let isRemoved = false
    context.metadata.getMany = async (keys) => {
      if (!isRemoved && keys.some((key) => row.equals(key))) {
        isRemoved = true
        await deleteObject(world.otherProcess(), admission, { objectKey, versionId: newest })
      }
      return await getMany(keys)
    }
    assert.deepEqual(await applyLifecycle(context), { deletions: 1, uploadsAborted: 0 })
    assert.ok(isRemoved)
    assert.equal(await world.get(objectKey), 'older')
    const { versions } = await listObjectVersions(context, admission, { maxKeys: 9 })
    assert.deepEqual(
      versions.map(({ record }) => record.versionId),
      [older],
    )
  })
})
