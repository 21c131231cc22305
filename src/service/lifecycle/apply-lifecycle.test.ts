import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_ATTRIBUTES, ObjectWorld } from '../../../test/objects/object-world.ts'
import { createUpload } from '../uploads/create-upload.ts'
import { listUploads } from '../uploads/list-uploads.ts'
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
})
